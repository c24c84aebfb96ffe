using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Writes float and double past the caches, to addresses that are multiples of a register's size: for results too large to stay in them.</summary>
/// <remarks>
/// An ordinary store first reads the line that it overwrites; without that, a third of the memory traffic is gone. The stores are not ordered
/// with others: whoever starts the operation ends it with a memory barrier.
/// </remarks>
internal readonly unsafe struct StreamedStore : IStore
{
    /// <summary>From so many bytes on it pays, even where the result is read next: measured with a reader behind it, and with more tensors in use than the caches hold.</summary>
    private const long LeastBytes = 16 << 20;

    private const int Alignment = 64;

    /// <summary>Whether a call should stream: it is large, and every register of the driver is aligned.</summary>
    public static bool Fits<T>(T* destination, long length, long firstElement)
        where T : unmanaged => IsLarge<T>(length) && IsAligned(destination, firstElement);

    /// <summary>Whether a result is of a type and size that should stream.</summary>
    public static bool IsLarge<T>(long length)
        where T : unmanaged =>
        (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && length >= LeastBytes / sizeof(T);

    /// <summary>Whether the driver's registers, which begin at whole groups, begin at whole cache lines.</summary>
    internal static bool IsAligned<T>(T* destination, long firstElement)
        where T : unmanaged =>
        (nuint)destination % Alignment == 0 && firstElement * sizeof(T) % Alignment == 0;

    /// <summary>How many elements lie before the first whole cache line.</summary>
    public static long UntilAligned<T>(T* destination)
        where T : unmanaged =>
        (long)((Alignment - ((nuint)destination % Alignment)) % Alignment) / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TSingles>(TSingles value, T* destination)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>
    {
        if (typeof(T) == typeof(float))
        {
            TSingles.Stream(value, (float*)destination);
        }
        else
        {
            Elements.Store(value, destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TDoubles>(TDoubles value, double* destination)
        where TDoubles : struct, IDoubles<TDoubles> => TDoubles.Stream(value, destination);
}
