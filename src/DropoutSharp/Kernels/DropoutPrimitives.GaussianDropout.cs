namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Multiplicative Gaussian noise with the mean and variance of inverted dropout.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, or the gradient of the output in the backward pass.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="dropRate">The drop rate r whose noise is matched, below 1.</param>
    /// <param name="stream">The noise's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole noise, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short or overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The drop rate is 1, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// <c>destination[i] = x[i] · (1 + σ·n(firstElement + i))</c>, n standard normal, <c>σ² = r / (1 − r)</c> (Srivastava et al. 2014, §10).
    /// Drop rate 0 copies.
    /// </remarks>
    public static unsafe void GaussianDropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, DropRate dropRate, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            GaussianDropout(source, target, x.Length, dropRate, stream, firstElement);
        }
    }

    /// <summary>Multiplicative Gaussian noise over native memory, of any length.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, or of the output's gradient in the backward pass.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The drop rate whose noise is matched, below 1.</param>
    /// <param name="stream">The noise's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole noise, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The drop rate is 1, the length is negative, or the elements do not lie in [0, 2⁶²).
    /// </exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void GaussianDropout<T>(
        T* x, T* destination, long length, DropRate dropRate, MaskStream stream, long firstElement = 0)
        where T : unmanaged
    {
        double standardDeviation = GaussianStandardDeviation(dropRate);
        CheckElements(length, firstElement);
        CheckOverlap(x, destination, length);
        CheckElementType<T>();
        if (standardDeviation == 0)
        {
            Copy(x, destination, length);
            return;
        }

        RealDriver.Run(
            stream, firstElement, length, new NoiseOperation<T, MultiplyByNoise>(x, destination, new MultiplyByNoise(standardDeviation)));
    }

    private static double GaussianStandardDeviation(DropRate dropRate) => dropRate.DropsAll
        ? throw new ArgumentOutOfRangeException(nameof(dropRate), dropRate, "Drop rate must be below 1 for Gaussian dropout; received 1.")
        : Math.Sqrt((1 - dropRate.KeepProbability) / dropRate.KeepProbability);
}
