using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>The mean and the epistemic and aleatoric variance of a regression's Monte-Carlo passes, without keeping the passes.</summary>
/// <remarks>
/// Over T passes with mean <c>μ_t</c> and noise variance <c>σ_t²</c>: the mean <c>1/T Σ μ_t</c>, the epistemic variance <c>1/T Σ (μ_t − μ̄)²</c> and the
/// aleatoric variance <c>1/T Σ σ_t²</c>, whose sum is the variance of the mixture (Kendall and Gal 2017). The epistemic variance divides by T, as the variance of
/// the T predictions themselves. Taken by Welford's recurrence (1962), merged by Chan, Golub and LeVeque's (1979), so that a large mean does
/// not swallow a small spread. NaN in a row stays in that row. Not safe for several threads at once: give each its own and merge.
/// </remarks>
public sealed class RegressionMoments
{
    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly double[] _noise;
    private bool _hasNoise;

    /// <summary>Empty moments.</summary>
    /// <param name="rows">How many rows, or rows times outputs, a pass predicts; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1.</exception>
    public RegressionMoments(int rows)
    {
        MomentGuard.AtLeastOne(rows, nameof(rows), "rows");
        _mean = new double[rows];
        _squares = new double[rows];
        _noise = new double[rows];
    }

    /// <summary>How many rows a pass predicts.</summary>
    public int Rows => _mean.Length;

    /// <summary>How many passes were added.</summary>
    public int Passes { get; private set; }

    /// <summary>Adds a pass of a model that predicts no noise of its own.</summary>
    /// <param name="means">The prediction of each row.</param>
    /// <exception cref="ArgumentException">Not one value a row, or earlier passes came with a variance.</exception>
    public void Add<T>(ReadOnlySpan<T> means)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.SameLength(Rows, means.Length, nameof(means), "Means");
        CheckNoise(false);
        AddMeans(means);
    }

    /// <summary>Adds a pass of a model that predicts its noise: a heteroscedastic head.</summary>
    /// <param name="means">The predicted mean of each row.</param>
    /// <param name="variances">The predicted noise variance of each row, in the target's unit squared.</param>
    /// <exception cref="ArgumentException">Not one value a row, or earlier passes came without a variance.</exception>
    public void Add<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> variances)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.SameLength(Rows, means.Length, nameof(means), "Means");
        ScoreGuard.SameLength(Rows, variances.Length, nameof(variances), "Variances");
        CheckNoise(true);
        AddMeans(means);
        for (int row = 0; row < _noise.Length; row++)
        {
            _noise[row] += (ScoreGuard.Double(variances[row]) - _noise[row]) / Passes;
        }
    }

    /// <summary>Adds the passes of other moments, as if they had been added here.</summary>
    /// <param name="other">Moments of as many rows.</param>
    /// <exception cref="ArgumentException">Other rows, or variances in one of both alone.</exception>
    public void Merge(RegressionMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ScoreGuard.SameLength(Rows, other.Rows, nameof(other), "Moments");
        if (other.Passes == 0)
        {
            return;
        }

        CheckNoise(other._hasNoise);
        int passes = Passes + other.Passes;
        double share = (double)other.Passes / passes;
        for (int row = 0; row < _mean.Length; row++)
        {
            double difference = other._mean[row] - _mean[row];
            _mean[row] += difference * share;
            _squares[row] += other._squares[row] + (difference * difference * Passes * share);
            _noise[row] += (other._noise[row] - _noise[row]) * share;
        }

        Passes = passes;
    }

    /// <summary>The predictive mean of each row.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetMean()
    {
        MomentGuard.HasPasses(Passes);
        return [.. _mean];
    }

    /// <summary>The variance of the passes' means: what the model does not know.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetEpistemicVariance()
    {
        MomentGuard.HasPasses(Passes);
        return Array.ConvertAll(_squares, squares => squares / Passes);
    }

    /// <summary>The mean of the passes' noise variances: what no model could know; zeros where passes came without.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetAleatoricVariance()
    {
        MomentGuard.HasPasses(Passes);
        return [.. _noise];
    }

    /// <summary>The variance of the predictive mixture: epistemic and aleatoric together.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetVariance()
    {
        double[] variance = GetEpistemicVariance();
        for (int row = 0; row < variance.Length; row++)
        {
            variance[row] += _noise[row];
        }

        return variance;
    }

    private void AddMeans<T>(ReadOnlySpan<T> means)
        where T : IFloatingPointIeee754<T>
    {
        Passes++;
        for (int row = 0; row < _mean.Length; row++)
        {
            double value = ScoreGuard.Double(means[row]);
            double difference = value - _mean[row];
            _mean[row] += difference / Passes;
            _squares[row] += difference * (value - _mean[row]);
        }
    }

    private void CheckNoise(bool hasNoise)
    {
        if (Passes > 0 && hasNoise != _hasNoise)
        {
            throw new ArgumentException("A noise variance must come with every pass or with none; received passes of both kinds.");
        }

        _hasNoise = hasNoise;
    }
}
