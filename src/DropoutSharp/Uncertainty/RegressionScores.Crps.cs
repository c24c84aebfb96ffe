using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class RegressionScores
{
    private const double InverseSqrtPi = 0.56418958354775628695;

    /// <summary>The mean continuous ranked probability score of a Gaussian a row.</summary>
    /// <param name="means">One mean a row.</param>
    /// <param name="standardDeviations">One standard deviation a row; not negative, and 0 gives the absolute error.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>In the targets' unit; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, or sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A standard deviation is negative, NaN or infinite.</exception>
    /// <remarks>
    /// <c>1/N Σ σ[z(2Φ(z) − 1) + 2φ(z) − 1/√π]</c> with <c>z = (y − μ)/σ</c> (Gneiting et al. 2005): the integral of
    /// <c>(F(x) − 1[x ≥ y])²</c> in closed form; strictly proper.
    /// </remarks>
    public static double GaussianCrps<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> standardDeviations, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        Check(means.Length, targets.Length, nameof(means), "Means");
        Check(standardDeviations.Length, targets.Length, nameof(standardDeviations), "Standard deviations");
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double deviation = ScoreGuard.Double(standardDeviations[row]);
            NotNegative(deviation, nameof(standardDeviations), row);
            double error = ScoreGuard.Double(targets[row]) - ScoreGuard.Double(means[row]);
            sum += ExpectedDistance(error, deviation) - (deviation * InverseSqrtPi);
        }

        return sum / targets.Length;
    }

    /// <summary>The mean continuous ranked probability score of the samples of each row.</summary>
    /// <param name="samples">Passes × rows: the samples of one pass lie together.</param>
    /// <param name="targets">One target a row.</param>
    /// <param name="fair">
    /// Whether the samples stand for the distribution that they were drawn from (the unbiased, "fair" form), and not for themselves alone.
    /// </param>
    /// <returns>In the targets' unit; less is better. The fair form can be negative for a row.</returns>
    /// <exception cref="ArgumentException">No rows, no passes, sizes that do not fit, or the fair form of a single pass.</exception>
    /// <remarks>
    /// <c>1/N Σ_n [1/T Σ_t |x_nt − y_n| − 1/(2T²) Σ_{t,s} |x_nt − x_ns|]</c>, with <c>2T(T − 1)</c> for the fair form (Gneiting and Raftery 2007;
    /// Ferro 2014). The double sum is taken over sorted samples in T ln T steps.
    /// </remarks>
    public static double SampleCrps<T>(ReadOnlySpan<T> samples, ReadOnlySpan<T> targets, bool fair = false)
        where T : IFloatingPointIeee754<T>
    {
        int count = Passes(samples.Length, targets.Length, nameof(samples));
        if (fair && count == 1)
        {
            throw new ArgumentException("The fair form needs at least two passes; received 1.", nameof(samples));
        }

        double[] ofRow = new double[count];
        double pairs = (double)count * (fair ? count - 1 : count);
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double target = ScoreGuard.Double(targets[row]);
            double distance = 0;
            for (int pass = 0; pass < count; pass++)
            {
                ofRow[pass] = ScoreGuard.Double(samples[(pass * targets.Length) + row]);
                distance += Math.Abs(ofRow[pass] - target);
            }

            // Σ_{t<s} |x_t − x_s| of sorted samples: the gap after the k-th of them lies between k·(T − k) pairs.
            Array.Sort(ofRow);
            double spread = 0;
            for (int k = 1; k < count; k++)
            {
                spread += (ofRow[k] - ofRow[k - 1]) * k * (count - k);
            }

            sum += (distance / count) - (spread / pairs);
        }

        return sum / targets.Length;
    }

    /// <summary>The mean continuous ranked probability score of a Gaussian mixture a row.</summary>
    /// <param name="means">Passes × rows: the means of one pass lie together.</param>
    /// <param name="standardDeviations">Passes × rows; not negative.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>In the targets' unit; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, no passes, or sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A standard deviation is negative, NaN or infinite.</exception>
    /// <remarks>
    /// <c>1/T Σ_t A(y − μ_t, σ_t²) − 1/(2T²) Σ_{t,s} A(μ_t − μ_s, σ_t² + σ_s²)</c> with <c>A(m, v) = 2√v φ(m/√v) + m(2Φ(m/√v) − 1)</c> (Grimit et al. 2006).
    /// Takes T² steps a row: for many passes, score one Gaussian with the mixture's mean and variance, or the passes as samples.
    /// </remarks>
    public static double MixtureCrps<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> standardDeviations, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        int count = Passes(means.Length, targets.Length, nameof(means));
        ScoreGuard.SameLength(means.Length, standardDeviations.Length, nameof(standardDeviations), "Standard deviations", "mean");
        double[] mean = new double[count];
        double[] deviation = new double[count];
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double target = ScoreGuard.Double(targets[row]);
            double distance = 0, spread = 0;
            for (int pass = 0; pass < count; pass++)
            {
                mean[pass] = ScoreGuard.Double(means[(pass * targets.Length) + row]);
                deviation[pass] = ScoreGuard.Double(standardDeviations[(pass * targets.Length) + row]);
                NotNegative(deviation[pass], nameof(standardDeviations), row);
                distance += ExpectedDistance(target - mean[pass], deviation[pass]);
                spread += deviation[pass] * InverseSqrtPi;
                for (int other = 0; other < pass; other++)
                {
                    spread += ExpectedDistance(
                        mean[pass] - mean[other], Math.Sqrt((deviation[pass] * deviation[pass]) + (deviation[other] * deviation[other])));
                }
            }

            sum += (distance / count) - (spread / ((double)count * count));
        }

        return sum / targets.Length;
    }

    /// <summary>The expected absolute value of a Gaussian.</summary>
    private static double ExpectedDistance(double mean, double deviation)
    {
        if (deviation == 0)
        {
            return Math.Abs(mean);
        }

        double z = Math.Abs(mean) / deviation;
        return deviation * ((2 * Normal.Density(z)) + (z * (1 - (2 * Normal.Cdf(-z)))));
    }

    private static void NotNegative(double deviation, string name, int row)
    {
        if (!(deviation >= 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentOutOfRangeException(
                name, deviation, FormattableString.Invariant($"A standard deviation must be finite and not negative; received {deviation} in row {row}."));
        }
    }
}
