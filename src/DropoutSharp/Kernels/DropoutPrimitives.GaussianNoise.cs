namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Additive Gaussian noise: to each element its own normal number is added.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="standardDeviation">The noise's standard deviation σ: finite, not negative.</param>
    /// <param name="stream">The noise's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole noise, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short or overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">σ is negative or not finite, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = x[i] + σ·n(firstElement + i)</c>, n standard normal. The gradient passes through unchanged. σ = 0 copies.
    /// </remarks>
    public static unsafe void GaussianNoise<T>(
        ReadOnlySpan<T> x, Span<T> destination, double standardDeviation, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            GaussianNoise(source, target, x.Length, standardDeviation, stream, firstElement);
        }
    }

    /// <summary>Additive Gaussian noise over native memory, of any length.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="standardDeviation">The noise's standard deviation σ: finite, not negative.</param>
    /// <param name="stream">The noise's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole noise, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// σ is negative or not finite, the length is negative, or the elements do not lie in [0, 2⁶²).
    /// </exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void GaussianNoise<T>(
        T* x, T* destination, long length, double standardDeviation, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation),
                standardDeviation,
                $"Standard deviation must be finite and not negative; received {standardDeviation}.");
        }

        CheckElements(length, firstElement);
        CheckOverlap(x, destination, length);
        CheckElementType<T>();
        if (standardDeviation == 0)
        {
            Copy(x, destination, length);
            return;
        }

        RealDriver.Run(
            stream, firstElement, length, new NoiseOperation<T, AddNoise>(x, destination, new AddNoise(standardDeviation)));
    }
}
