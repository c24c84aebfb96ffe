using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class RegressionScores
{
    /// <summary>The mean negative log-likelihood of the targets under a Gaussian a row, in nats.</summary>
    /// <param name="means">One mean a row.</param>
    /// <param name="standardDeviations">One standard deviation a row, positive.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>Less is better.</returns>
    /// <exception cref="ArgumentException">No rows, or sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A standard deviation is not positive and finite.</exception>
    /// <remarks><c>1/N Σ [ln σ_n + ½ ln 2π + ½ ((y_n − μ_n)/σ_n)²]</c>.</remarks>
    public static double GaussianNegativeLogLikelihood<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> standardDeviations, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        Check(means.Length, targets.Length, nameof(means), "Means");
        Check(standardDeviations.Length, targets.Length, nameof(standardDeviations), "Standard deviations");
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double deviation = ScoreGuard.Double(standardDeviations[row]);
            ScoreGuard.Positive(deviation, nameof(standardDeviations), "A standard deviation", row);
            sum -= LogDensity(ScoreGuard.Double(targets[row]), ScoreGuard.Double(means[row]), deviation);
        }

        return sum / targets.Length;
    }

    /// <summary>The mean predictive log-likelihood of the targets under Monte-Carlo passes with one noise precision, in nats.</summary>
    /// <param name="passes">Passes × rows: the predictions of one pass lie together.</param>
    /// <param name="targets">One target a row.</param>
    /// <param name="precision">The precision τ of the observation noise, one over its variance; positive, in one over the target's unit squared.</param>
    /// <returns>More is better.</returns>
    /// <exception cref="ArgumentException">No rows, no passes, or sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is not positive and finite.</exception>
    /// <remarks>
    /// <c>1/N Σ_n [logsumexp_t(−½ τ (y_n − ŷ_nt)²) − ln T − ½ ln 2π + ½ ln τ]</c> (Gal and Ghahramani 2016, appendix 4.4), by a sum of
    /// exponentials relative to the largest, so that no pass underflows alone.
    /// </remarks>
    public static double PredictiveLogLikelihood<T>(ReadOnlySpan<T> passes, ReadOnlySpan<T> targets, double precision)
        where T : IFloatingPointIeee754<T>
    {
        int count = Passes(passes.Length, targets.Length, nameof(passes));
        ScoreGuard.Positive(precision, nameof(precision), "Precision tau");
        double deviation = 1 / Math.Sqrt(precision);
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double target = ScoreGuard.Double(targets[row]);
            LogSumExp likelihood = default;
            for (int pass = 0; pass < count; pass++)
            {
                likelihood.Add(LogDensity(target, ScoreGuard.Double(passes[(pass * targets.Length) + row]), deviation));
            }

            sum += likelihood.Value - Math.Log(count);
        }

        return sum / targets.Length;
    }

    /// <summary>The mean predictive log-likelihood of the targets under a Gaussian mixture a row, in nats.</summary>
    /// <param name="means">Passes × rows: the means of one pass lie together.</param>
    /// <param name="standardDeviations">Passes × rows, positive: such as those of a heteroscedastic head.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>More is better.</returns>
    /// <exception cref="ArgumentException">No rows, no passes, or sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A standard deviation is not positive and finite.</exception>
    /// <remarks><c>1/N Σ_n ln(1/T Σ_t N(y_n; μ_nt, σ_nt²))</c>, by log-sum-exp (Kendall and Gal 2017).</remarks>
    public static double PredictiveLogLikelihood<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> standardDeviations, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        int count = Passes(means.Length, targets.Length, nameof(means));
        ScoreGuard.SameLength(means.Length, standardDeviations.Length, nameof(standardDeviations), "Standard deviations", "mean");
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double target = ScoreGuard.Double(targets[row]);
            LogSumExp likelihood = default;
            for (int pass = 0; pass < count; pass++)
            {
                int i = (pass * targets.Length) + row;
                double deviation = ScoreGuard.Double(standardDeviations[i]);
                ScoreGuard.Positive(deviation, nameof(standardDeviations), "A standard deviation", row);
                likelihood.Add(LogDensity(target, ScoreGuard.Double(means[i]), deviation));
            }

            sum += likelihood.Value - Math.Log(count);
        }

        return sum / targets.Length;
    }

    internal static double LogDensity(double target, double mean, double deviation)
    {
        double z = (target - mean) / deviation;
        return (-0.5 * z * z) - Math.Log(deviation) - Normal.LogSqrt2Pi;
    }
}
