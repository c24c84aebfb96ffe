namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Dropout with the inverted scale: each element is kept and divided by the keep probability, or becomes +0.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, or the gradient of the output in the backward pass.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short or overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = kept(firstElement + i) ? x[i] / keep : +0</c> (Srivastava et al. 2014, scaled in training). Dropped elements are
    /// selected away, not multiplied by zero: a dropped NaN or infinity leaves +0. Drop rate 0 copies, drop rate 1 gives zeros.
    /// </remarks>
    public static void Dropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, DropRate dropRate, MaskStream stream, long firstElement = 0)
        where T : unmanaged =>
        Dropout(x, destination, dropRate, dropRate.InvertedScale, stream, firstElement);

    /// <summary>Dropout with a scale of one's own: each element is kept and multiplied by it, or becomes +0.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, or the gradient of the output in the backward pass.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="scale">What a kept element is multiplied with: 1 in the classic form, which scales at inference.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short or overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = kept(firstElement + i) ? x[i] · scale : +0</c>. The product is taken in float (double for double) with the scale
    /// rounded to it, and rounded once to T.
    /// </remarks>
    public static unsafe void Dropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, DropRate dropRate, double scale, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            Dropout(source, target, x.Length, dropRate, scale, stream, firstElement);
        }
    }

    /// <summary>Dropout over native memory, of any length.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, or of the output's gradient in the backward pass.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void Dropout<T>(
        T* x, T* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        CheckElements(length, firstElement);
        CheckOverlap(x, destination, length);
        CheckElementType<T>();
        if (dropRate.KeepThreshold == 1UL << 32 && scale == 1)
        {
            Copy(x, destination, length);
            return;
        }

        ulong threshold = dropRate.KeepThreshold;
        var function = new ScaleKept(scale);
        if (x != destination && StreamedStore.Fits(destination, length, firstElement))
        {
            MaskDriver.Run(stream, threshold, firstElement, length, new SelectOperation<T, ScaleKept, StreamedStore>(x, destination, function));
            Interlocked.MemoryBarrier();
            return;
        }

        MaskDriver.Run(stream, threshold, firstElement, length, new SelectOperation<T, ScaleKept, OrdinaryStore>(x, destination, function));
    }
}
