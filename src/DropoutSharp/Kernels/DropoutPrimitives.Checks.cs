namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    internal static void CheckElementType<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(Half) && typeof(T) != typeof(BFloat16))
        {
            throw new ArgumentException($"Elements must be float, double, Half or BFloat16; received {typeof(T).Name}.");
        }
    }

    internal static void CheckElements(long length, long firstElement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (firstElement < 0 || firstElement > MaskStream.MaxElements - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstElement),
                firstElement,
                $"Elements must lie in [0, 2^62); received {length} from {firstElement}.");
        }
    }

    private static void CheckDestination<T>(ReadOnlySpan<T> x, Span<T> destination)
    {
        if (destination.Length < x.Length)
        {
            throw new ArgumentException(
                $"Destination must hold at least {x.Length} elements; received {destination.Length}.", nameof(destination));
        }
    }

    private static unsafe void CheckOverlap<T>(T* x, T* destination, long length)
        where T : unmanaged
    {
        nuint apart = x < destination ? (nuint)destination - (nuint)x : (nuint)x - (nuint)destination;
        if (apart != 0 && apart < (nuint)length * (nuint)sizeof(T))
        {
            throw new ArgumentException(
                $"Destination must be the source itself or apart from it; received memory {apart} bytes from the source's.",
                nameof(destination));
        }
    }

    private static unsafe void Copy<T>(T* x, T* destination, long length)
        where T : unmanaged
    {
        if (x != destination)
        {
            Buffer.MemoryCopy(x, destination, length * sizeof(T), length * sizeof(T));
        }
    }
}
