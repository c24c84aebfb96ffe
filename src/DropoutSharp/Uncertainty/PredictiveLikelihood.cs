using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>The predictive log-likelihood of known targets under Monte-Carlo passes, without keeping the passes.</summary>
/// <remarks><c>ln 1/T Σ_t N(y_n; μ_nt, σ_nt²)</c> a row, by a streaming log-sum-exp (Gal and Ghahramani 2016; Kendall and Gal 2017).</remarks>
public sealed class PredictiveLikelihood
{
    private readonly double[] _targets;
    private readonly LogSumExp[] _sums;

    /// <summary>No passes yet.</summary>
    /// <param name="targets">The target of each row.</param>
    /// <exception cref="ArgumentException">There are no targets.</exception>
    public PredictiveLikelihood(ReadOnlySpan<double> targets)
    {
        ScoreGuard.Rows(targets.Length, nameof(targets));
        _targets = targets.ToArray();
        _sums = new LogSumExp[targets.Length];
    }

    /// <summary>How many passes were added.</summary>
    public int Passes { get; private set; }

    /// <summary>Adds a pass with one noise precision for all rows.</summary>
    /// <param name="means">The predicted mean of each row.</param>
    /// <param name="precision">The precision τ of the noise, one over its variance; positive.</param>
    /// <exception cref="ArgumentException">Not one value a row.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is not positive and finite.</exception>
    public void Add<T>(ReadOnlySpan<T> means, double precision)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.SameLength(_targets.Length, means.Length, nameof(means), "Means");
        ScoreGuard.Positive(precision, nameof(precision), "Precision tau");
        double deviation = 1 / Math.Sqrt(precision);
        for (int row = 0; row < _targets.Length; row++)
        {
            _sums[row].Add(RegressionScores.LogDensity(_targets[row], ScoreGuard.Double(means[row]), deviation));
        }

        Passes++;
    }

    /// <summary>Adds a pass with a noise variance a row.</summary>
    /// <param name="means">The predicted mean of each row.</param>
    /// <param name="variances">The predicted noise variance of each row; positive.</param>
    /// <exception cref="ArgumentException">Not one value a row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A variance is not positive and finite; nothing was added.</exception>
    public void Add<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> variances)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.SameLength(_targets.Length, means.Length, nameof(means), "Means");
        ScoreGuard.SameLength(_targets.Length, variances.Length, nameof(variances), "Variances");
        for (int row = 0; row < _targets.Length; row++)
        {
            ScoreGuard.Positive(ScoreGuard.Double(variances[row]), nameof(variances), "A variance", row);
        }

        for (int row = 0; row < _targets.Length; row++)
        {
            _sums[row].Add(RegressionScores.LogDensity(_targets[row], ScoreGuard.Double(means[row]), Math.Sqrt(ScoreGuard.Double(variances[row]))));
        }

        Passes++;
    }

    /// <summary>The predictive log-likelihood of each row, in nats.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetLogLikelihoods()
    {
        MomentGuard.HasPasses(Passes);
        return Array.ConvertAll(_sums, sum => sum.Value - Math.Log(Passes));
    }

    /// <summary>The mean predictive log-likelihood over the rows, in nats; more is better.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double GetMean() => GetLogLikelihoods().Average();
}
