namespace DropoutSharp;

/// <summary>The divergence of multiplicative Gaussian noise <c>N(1, α)</c> on weights from the log-uniform prior, summed, with its gradients, in one pass.</summary>
/// <remarks>
/// What training with variational dropout adds to its loss. It has no closed form; the papers' fits to it are used, in nats and up to a constant. Weights that are not kept count
/// nothing and have gradients of 0. Not a number makes the sum and its own gradients so.
/// </remarks>
public static unsafe class LogUniformDivergence
{
    /// <summary>Of weights that have a variance each: Molchanov's fit, for all α.</summary>
    /// <param name="weights">The means θ.</param>
    /// <param name="logVariances">ln σ², one a weight.</param>
    /// <param name="kept">A byte a weight, 0 for one that is pruned.</param>
    /// <param name="weightGradients">Receives the gradient with respect to each θ.</param>
    /// <param name="logVarianceGradients">Receives the gradient with respect to each ln σ².</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>
    /// <c>Σ k₁(1 − σ(k₂ + k₃ ln α)) + ½ ln(1 + 1/α)</c> with <c>ln α = ln σ² − ln(θ² + 10⁻⁸)</c> held in [−8, 8] and k = 0.63576, 1.87320, 1.48695
    /// (Molchanov, Ashukha and Vetrov 2017, equation 14).
    /// </remarks>
    public static double Sigmoid(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> logVariances, ReadOnlySpan<byte> kept, Span<float> weightGradients, Span<float> logVarianceGradients)
    {
        CheckLength(weights.Length, logVariances.Length, "log variances");
        CheckLength(weights.Length, kept.Length, "kept flags");
        CheckLength(weights.Length, weightGradients.Length, "weight gradients");
        CheckLength(weights.Length, logVarianceGradients.Length, "log variance gradients");
        fixed (float* theta = weights, noise = logVariances, first = weightGradients, second = logVarianceGradients)
        fixed (byte* flags = kept)
        {
            return Sigmoid(theta, noise, flags, first, second, weights.Length);
        }
    }

    /// <summary>The same over native memory, of any length.</summary>
    /// <param name="weights">The means θ.</param>
    /// <param name="logVariances">ln σ², one a weight.</param>
    /// <param name="kept">A byte a weight, 0 for one that is pruned.</param>
    /// <param name="weightGradients">Receives the gradient with respect to each θ; apart from the others.</param>
    /// <param name="logVarianceGradients">Receives the gradient with respect to each ln σ²; apart from the others.</param>
    /// <param name="length">How many weights there are.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static double Sigmoid(float* weights, float* logVariances, byte* kept, float* weightGradients, float* logVarianceGradients, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return DivergenceSum.Run<SparseDivergence>(weights, logVariances, kept, weightGradients, logVarianceGradients, length);
    }

    /// <summary>Of weights whose α is at most 1: Kingma's cubic fit.</summary>
    /// <param name="logAlphas">ln α; above 0 it counts as 0.</param>
    /// <param name="kept">A byte a weight, 0 for one that is pruned.</param>
    /// <param name="gradients">Receives the gradient with respect to each ln α.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks><c>Σ −½ ln α − c₁α − c₂α² − c₃α³</c> with c = 1.16145124, −1.50204118, 0.58629921 (Kingma, Salimans and Welling 2015, appendix C).</remarks>
    public static double Cubic(ReadOnlySpan<float> logAlphas, ReadOnlySpan<byte> kept, Span<float> gradients)
    {
        CheckLength(logAlphas.Length, kept.Length, "kept flags");
        CheckLength(logAlphas.Length, gradients.Length, "gradients");
        fixed (float* noise = logAlphas, slopes = gradients)
        fixed (byte* flags = kept)
        {
            return Cubic(noise, flags, slopes, logAlphas.Length);
        }
    }

    /// <summary>The same over native memory, of any length.</summary>
    /// <param name="logAlphas">ln α; above 0 it counts as 0.</param>
    /// <param name="kept">A byte a weight, 0 for one that is pruned.</param>
    /// <param name="gradients">Receives the gradient with respect to each ln α; apart from the others.</param>
    /// <param name="length">How many weights there are.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static double Cubic(float* logAlphas, byte* kept, float* gradients, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return DivergenceSum.Run<CubicDivergence>(null, logAlphas, kept, null, gradients, length);
    }

    private static void CheckLength(int expected, int received, string what)
    {
        if (received != expected)
        {
            throw new ArgumentException(FormattableString.Invariant($"There must be as many {what} as weights, {expected}; received {received}."));
        }
    }
}
