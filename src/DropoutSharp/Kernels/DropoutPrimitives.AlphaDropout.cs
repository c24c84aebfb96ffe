namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Alpha dropout: a dropped element takes SELU's saturation value, and an affine map restores mean 0 and variance 1.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, contiguous in row-major order.</param>
    /// <param name="destination">Receives the result; as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="shape">Which elements share a mask element; all with their own for alpha dropout, a channel's for feature alpha dropout.</param>
    /// <param name="dropRate">The probability that a mask element drops what it covers, below 1.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstMaskElement">The index, in the whole mask, of this mask's first element; not negative.</param>
    /// <exception cref="ArgumentException">A length is not the shape's, or the memory overlaps in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The drop rate is 1, or the mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = kept ? a·x[i] + b : a·α′ + b</c> with the constants of <see cref="AlphaAffine"/>; drop rate 0 copies. The backward pass is
    /// dropout of the gradient with the same mask and the scale a.
    /// </remarks>
    public static unsafe void AlphaDropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, MaskShape shape, DropRate dropRate, MaskStream stream, long firstMaskElement = 0)
        where T : unmanaged
    {
        CheckShape(x.Length, shape);
        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            AlphaDropout(source, target, shape, dropRate, stream, firstMaskElement);
        }
    }

    /// <summary>Alpha dropout over native memory.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, contiguous in row-major order.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="shape">The input's shape, and which elements share a mask element.</param>
    /// <param name="dropRate">The probability that a mask element drops what it covers, below 1.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstMaskElement">The index, in the whole mask, of this mask's first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The drop rate is 1, or the mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void AlphaDropout<T>(
        T* x, T* destination, MaskShape shape, DropRate dropRate, MaskStream stream, long firstMaskElement = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        Share(x, destination, shape, dropRate, new MaskLaw(new AlphaAffine(dropRate)), stream, firstMaskElement);
    }
}
