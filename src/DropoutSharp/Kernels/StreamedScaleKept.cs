using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Dropout of float or double that writes past the caches, for results too large to stay in them.</summary>
/// <remarks>
/// An ordinary store first reads the line that it overwrites; without that, a third of the memory traffic is gone. The stores are not ordered
/// with others: whoever starts the operation ends it with a memory barrier.
/// </remarks>
internal readonly unsafe struct StreamedScaleKept<T>(T* x, T* destination, ScaleKept function) : IMaskOperation
    where T : unmanaged
{
    /// <summary>From so many bytes on it pays: a last-level cache of today holds no more, and what is next read comes from memory anyway.</summary>
    private const long LeastBytes = 32 << 20;

    private const int Alignment = 64;

    private readonly ScaleKept _function = function;

    /// <summary>Whether a call should stream: it is large, and every register of the driver is aligned.</summary>
    public static bool Fits(T* destination, long length, long firstElement) =>
        (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        && length >= LeastBytes / sizeof(T)
        && IsAligned(destination, firstElement);

    /// <summary>Whether the driver's registers, which begin at whole groups, begin at whole cache lines.</summary>
    internal static bool IsAligned(T* destination, long firstElement) =>
        (nuint)destination % Alignment == 0 && firstElement * sizeof(T) % Alignment == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>
    {
        if (typeof(TCounters) == typeof(Counters512))
        {
            Apply<Singles512, Doubles512>(position, kept);
        }
        else if (typeof(TCounters) == typeof(Counters256))
        {
            Apply<Singles256, Doubles256>(position, kept);
        }
        else
        {
            Apply<Singles128, Doubles128>(position, kept);
            uint rest = *kept >> 8;
            Apply<Singles128, Doubles128>(position + 8, &rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long position, bool kept) =>
        new SelectOperation<T, ScaleKept>(x, destination, _function).Apply(position, kept);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(long position) => destination[position] = default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply<TSingles, TDoubles>(long position, uint* kept)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        if (typeof(T) == typeof(double))
        {
            ApplyDoubles<TDoubles>(position, kept, 0);
            ApplyDoubles<TDoubles>(position, kept, 1);
            ApplyDoubles<TDoubles>(position, kept, 2);
            ApplyDoubles<TDoubles>(position, kept, 3);
        }
        else
        {
            ApplySingles<TSingles>(position, kept, 0);
            ApplySingles<TSingles>(position, kept, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplySingles<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles>
    {
        position += part * TSingles.Count;
        TSingles.Stream(_function.Invoke(TSingles.Load((float*)x + position), kept, part), (float*)destination + position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplyDoubles<TDoubles>(long position, uint* kept, int part)
        where TDoubles : struct, IDoubles<TDoubles>
    {
        position += part * TDoubles.Count;
        TDoubles.Stream(_function.Invoke(TDoubles.Load((double*)x + position), kept, part), (double*)destination + position);
    }
}
