namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Dropout with a mask that is given, such as one that was asked for earlier and is replayed.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, or the gradient of the output in the backward pass.</param>
    /// <param name="kept">Whether each element is kept; as long as <paramref name="x"/>.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="scale">What a kept element is multiplied with.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the memory overlaps in part, or T is another type.</exception>
    /// <remarks><c>destination[i] = kept[i] ? x[i] · scale : +0</c>.</remarks>
    public static unsafe void Select<T>(ReadOnlySpan<T> x, ReadOnlySpan<bool> kept, Span<T> destination, double scale)
        where T : unmanaged
    {
        if (kept.Length != x.Length)
        {
            throw new ArgumentException($"Mask must have the source's {x.Length} elements; received {kept.Length}.", nameof(kept));
        }

        CheckDestination(x, destination);
        CheckElementType<T>();
        fixed (T* source = x, target = destination)
        fixed (bool* mask = kept)
        {
            CheckOverlap(source, target, x.Length);
            MaskedRows.Row(source, target, (byte*)mask, x.Length, new MaskLaw(scale), VectorWidths.Best);
        }
    }

    /// <summary>A mask that is given, with a law of one's own, over native memory.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source.</param>
    /// <param name="kept">A byte for each element, in the same order: 1 where it is kept, 0 where it is dropped.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="law">What becomes of kept and of dropped elements.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <remarks>The arithmetic is done in float (double for double) and rounded once. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void Select<T>(T* x, byte* kept, T* destination, long length, MaskLaw law)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        CheckElementType<T>();
        CheckOverlap(x, destination, length);
        ForkJoin.RunEqually(length, 1, new SelectWork<T>(x, kept, destination, law));
    }

    private readonly unsafe struct SelectWork<T>(T* x, byte* kept, T* destination, MaskLaw law) : IRangeWork
        where T : unmanaged
    {
        public void Invoke(long start, long end) =>
            MaskedRows.Row(x + start, destination + start, kept + start, end - start, law, VectorWidths.Best);
    }
}
