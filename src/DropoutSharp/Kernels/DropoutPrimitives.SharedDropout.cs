namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Dropout with a mask that elements share: per row, per channel, per sequence, or as any shape that broadcasts.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, contiguous in row-major order, or the gradient of the output in the backward pass.</param>
    /// <param name="destination">Receives the result; as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="shape">Which elements share a mask element; its input has as many elements as <paramref name="x"/>.</param>
    /// <param name="dropRate">The probability that a mask element drops what it covers.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstMaskElement">The index, in the whole mask, of this mask's first element; not negative.</param>
    /// <exception cref="ArgumentException">A length is not the shape's, or the memory overlaps in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = kept(firstMaskElement + m(i)) ? x[i] · scale : +0</c> with m(i) the mask element of i (<see cref="MaskShape.MaskElement"/>).
    /// Only the mask's own elements are drawn, so a mask per channel costs less than one per element.
    /// </remarks>
    public static unsafe void Dropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, MaskShape shape, DropRate dropRate, double scale, MaskStream stream, long firstMaskElement = 0)
        where T : unmanaged
    {
        CheckShape(x.Length, shape);
        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            Dropout(source, target, shape, dropRate, scale, stream, firstMaskElement);
        }
    }

    /// <summary>Dropout with a mask that elements share, over native memory.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, contiguous in row-major order, or of the output's gradient.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="shape">The input's shape, and which elements share a mask element.</param>
    /// <param name="dropRate">The probability that a mask element drops what it covers.</param>
    /// <param name="scale">What a kept element is multiplied with.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstMaskElement">The index, in the whole mask, of this mask's first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void Dropout<T>(
        T* x, T* destination, MaskShape shape, DropRate dropRate, double scale, MaskStream stream, long firstMaskElement = 0)
        where T : unmanaged =>
        Dropout(x, destination, shape, dropRate, new MaskLaw(scale), stream, firstMaskElement);

    /// <summary>Dropout with a mask that elements share and a law of one's own, over native memory.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, contiguous in row-major order, or of the output's gradient.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="shape">The input's shape, and which elements share a mask element.</param>
    /// <param name="dropRate">The probability that a mask element drops what it covers.</param>
    /// <param name="law">What becomes of kept and of dropped elements; its <see cref="MaskLaw.Gradient"/> in the backward pass.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstMaskElement">The index, in the whole mask, of this mask's first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>The arithmetic is done in float (double for double) and rounded once. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void Dropout<T>(
        T* x, T* destination, MaskShape shape, DropRate dropRate, MaskLaw law, MaskStream stream, long firstMaskElement = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.IsElementwise && law is { Offset: 0, Dropped: 0 })
        {
            Dropout(x, destination, shape.InputElements, dropRate, law.Scale, stream, firstMaskElement);
            return;
        }

        Share(x, destination, shape, dropRate, law, stream, firstMaskElement);
    }

    private static void CheckShape(int length, MaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (length != shape.InputElements)
        {
            throw new ArgumentException($"Source must have the shape's {shape.InputElements} elements; received {length}.", nameof(shape));
        }
    }

    private static unsafe void Share<T>(
        T* x, T* destination, MaskShape shape, DropRate dropRate, MaskLaw law, MaskStream stream, long firstMaskElement)
        where T : unmanaged
    {
        CheckElements(shape.MaskElements, firstMaskElement);
        CheckOverlap(x, destination, shape.InputElements);
        CheckElementType<T>();
        if (shape.InputElements == 0)
        {
            return;
        }

        if (shape.IsElementwise)
        {
            MaskDriver.Run(
                stream,
                dropRate.KeepThreshold,
                firstMaskElement,
                shape.InputElements,
                new SelectOperation<T, AffineKept, OrdinaryStore>(x, destination, new AffineKept(law)));
            return;
        }

        bool streams = x != destination && shape.RunLength > 1 && StreamedStore.IsLarge<T>(shape.InputElements);
        ForkJoin.RunEqually(
            shape.InputElements,
            1,
            new SharedWork<T>(x, destination, shape, dropRate, law, stream, firstMaskElement, streams, VectorWidths.Best));
        if (streams)
        {
            Interlocked.MemoryBarrier();
        }
    }

    private readonly unsafe struct SharedWork<T>(
        T* x,
        T* destination,
        MaskShape shape,
        DropRate dropRate,
        MaskLaw law,
        MaskStream stream,
        long firstMaskElement,
        bool streams,
        VectorWidth width) : IRangeWork
        where T : unmanaged
    {
        public void Invoke(long start, long end) =>
            new SharedMask<T>(shape, dropRate, law, stream, firstMaskElement, streams, width).Apply(x, destination, start, end);
    }
}
