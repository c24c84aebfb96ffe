using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Prediction;

/// <summary>What Monte-Carlo passes say of a number together: one Gaussian a pass, all with the same noise and the same weight.</summary>
internal static class GaussianMixture
{
    private const int MostSteps = 200;

    /// <summary>The value below which a share of the mixture lies.</summary>
    /// <param name="means">A pass's value each; at least one.</param>
    /// <param name="deviation">The noise; 0 for none.</param>
    /// <param name="share">In (0, 1).</param>
    /// <remarks>
    /// The root of <c>1/T Σ Φ((x − μ_t)/σ) = share</c>. It lies between the least and the greatest of the components' own quantiles, as all are below
    /// their share left of the first and above it right of the last; halving that interval cannot fail, however far the passes are apart.
    /// </remarks>
    public static double Quantile(ReadOnlySpan<double> means, double deviation, double share)
    {
        double reach = Normal.Quantile(share) * deviation;
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double mean in means)
        {
            (low, high) = (Math.Min(low, mean + reach), Math.Max(high, mean + reach));
        }

        for (int step = 0; step < MostSteps && high - low > 1e-12 * (Math.Abs(low) + Math.Abs(high)); step++)
        {
            double middle = low + ((high - low) / 2);
            if (Below(means, deviation, middle) < share)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low + ((high - low) / 2);
    }

    private static double Below(ReadOnlySpan<double> means, double deviation, double value)
    {
        double sum = 0;
        foreach (double mean in means)
        {
            sum += deviation > 0 ? Normal.Cdf((value - mean) / deviation) : value >= mean ? 1 : 0;
        }

        return sum / means.Length;
    }
}
