using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Models;

/// <summary>How far a model was off, and how unsure, on rows that had no part in its training: what its intervals, class sets and abstentions go by.</summary>
/// <remarks>
/// The rows are the held-out rows that judge a training, of which at most <see cref="MostRows"/> are kept. Neither weights, nor the epoch at which training
/// stopped, nor the noise was chosen by them, so that they and new rows of the same kind are exchangeable, as split conformal prediction asks for.
/// </remarks>
public sealed class ModelCalibration
{
    /// <summary>The most rows that are kept. With 10,000 the coverage at a level of 0.9 is known to 0.3 percentage points (one standard deviation).</summary>
    public const int MostRows = 10_000;

    private readonly double[] _scores;
    private readonly double[] _uncertainties;

    /// <summary>A calibration from the figures of its rows.</summary>
    /// <param name="passes">The Monte-Carlo passes behind each prediction; at least 1.</param>
    /// <param name="scores">
    /// The nonconformity of each row: for numbers <see cref="ConformalRegression.Scores">|y − μ|/σ</see>, for classes <see cref="AdaptivePredictionSets.Scores">that of
    /// randomised adaptive prediction sets</see>. Not negative; NaN stands for a prediction that holds nothing and counts as ∞.
    /// </param>
    /// <param name="uncertainties">How unsure the model was of each row: for numbers σ, for classes one minus the probability of the predicted one. NaN counts as ∞.</param>
    /// <exception cref="ArgumentException">No rows, other sizes, or a number that is negative.</exception>
    public ModelCalibration(int passes, IReadOnlyList<double> scores, IReadOnlyList<double> uncertainties)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(uncertainties);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        if (scores.Count == 0 || scores.Count != uncertainties.Count || scores.Concat(uncertainties).Any(static value => value < 0))
        {
            throw new ArgumentException(
                $"Scores and uncertainties must be as many, at least one, and not negative; received {scores.Count} and {uncertainties.Count}.", nameof(scores));
        }

        Passes = passes;
        int kept = Math.Min(scores.Count, MostRows);
        int[] rows = [.. Enumerable.Range(0, kept).Select(i => (int)((long)i * scores.Count / kept))];
        _scores = [.. rows.Select(row => OrInfinite(scores[row]))];
        _uncertainties = [.. rows.Select(row => OrInfinite(uncertainties[row]))];

        static double OrInfinite(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    /// <summary>The Monte-Carlo passes behind each prediction; 1 for a network without dropout.</summary>
    public int Passes { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => _scores.Length;

    /// <summary>The nonconformity of each row.</summary>
    public IReadOnlyList<double> Scores => _scores;

    /// <summary>How unsure the model was of each row.</summary>
    public IReadOnlyList<double> Uncertainties => _uncertainties;

    /// <summary>Whether there are rows enough for a level.</summary>
    /// <param name="level">In (0, 1).</param>
    /// <param name="answeredUpTo">The largest uncertainty of a row that counts.</param>
    public bool Reaches(double level, double answeredUpTo = double.PositiveInfinity) =>
        _uncertainties.Count(uncertainty => uncertainty <= answeredUpTo) >= Conformal.RowsNeeded(level);

    /// <summary>The largest nonconformity that an interval or set lets in, so that it holds the truth with a probability of at least the level.</summary>
    /// <param name="level">In (0, 1).</param>
    /// <param name="answeredUpTo">
    /// The largest uncertainty of a row that is answered: only rows like those calibrate, so that the level holds among them and not merely over all. ∞ where all are.
    /// </param>
    /// <exception cref="UserErrorException">There are too few rows; the message says how many are needed.</exception>
    public double Threshold(double level, double answeredUpTo = double.PositiveInfinity)
    {
        double[] scores = [.. _scores.Where((_, row) => _uncertainties[row] <= answeredUpTo)];
        Require(scores.Length, level, FormattableString.Invariant($"An interval level of {level}"), scores.Length < Rows ? " that it answers" : "");
        return Conformal.Quantile(scores, level);
    }

    /// <summary>The uncertainty above which a row is left out, so that at most a share of rows is, on average.</summary>
    /// <param name="share">The share to leave out, in (0, 1).</param>
    /// <exception cref="UserErrorException">There are too few rows, or the model is equally unsure of all; the message says which.</exception>
    public double AbstentionThreshold(double share)
    {
        if (_uncertainties.Max() <= _uncertainties.Min())
        {
            throw new UserErrorException("Abstaining needs a model that is less sure of some rows than of others; this one is equally sure of all, as a regression without dropout is.");
        }

        Require(Rows, 1 - share, FormattableString.Invariant($"Abstaining from a share of {share}"), "");
        return Conformal.Quantile(_uncertainties, 1 - share);
    }

    private static void Require(int rows, double level, string what, string which)
    {
        long needed = Conformal.RowsNeeded(level);
        if (rows < needed)
        {
            throw new UserErrorException(
                $"{what} needs at least {needed} calibration rows; the model has {rows}{which}: train it with more held-out rows (--test-share), or use dropout calibrate.");
        }
    }
}
