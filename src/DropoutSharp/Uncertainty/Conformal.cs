namespace DropoutSharp.Uncertainty;

/// <summary>The quantile at the heart of split conformal prediction.</summary>
/// <remarks>
/// Where n calibration rows and a new row are exchangeable, the new row's score is at most the k-th smallest of the n, <c>k = ⌈(n + 1)·level⌉</c>, with a probability of
/// at least <c>level</c>, and of <c>k/(n + 1)</c> exactly where scores do not tie; whatever the model (Papadopoulos et al. 2002; Vovk, Gammerman and Shafer 2005). The probability is over
/// calibration rows and new row together: for one calibration part the coverage is drawn from Beta(k, n + 1 − k).
/// </remarks>
public static class Conformal
{
    // Levels such as 0.9 are no binary fractions: 10·0.9 must not round up to 10.
    private const double Rounding = 1e-9;

    /// <summary>How many calibration rows a level needs at least.</summary>
    /// <param name="level">The level, above 0 and below 1.</param>
    /// <returns>The smallest n with <c>⌈(n + 1)·level⌉ ≤ n</c>: 9 for 0.9, 19 for 0.95, 99 for 0.99.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not above 0 and below 1.</exception>
    public static long RowsNeeded(double level)
    {
        ScoreGuard.Level(level);
        return Math.Max(1, (long)Math.Ceiling((level / (1 - level)) * (1 - Rounding)));
    }

    /// <summary>The k-th smallest score, <c>k = ⌈(n + 1)·level⌉</c>.</summary>
    /// <param name="scores">The nonconformity score of each calibration row; +∞ is allowed.</param>
    /// <param name="level">The level, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A score is NaN, or there are fewer rows than <see cref="RowsNeeded"/> says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not above 0 and below 1.</exception>
    public static double Quantile(ReadOnlySpan<double> scores, double level)
    {
        long needed = RowsNeeded(level);
        if (scores.Length < needed)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A level of {level} needs at least {needed} calibration rows; received {scores.Length}."), nameof(scores));
        }

        for (int row = 0; row < scores.Length; row++)
        {
            ScoreGuard.NoNaN(scores[row], nameof(scores), "A nonconformity score", row);
        }

        double[] sorted = scores.ToArray();
        Array.Sort(sorted);
        return sorted[Rank(scores.Length, level) - 1];
    }

    internal static int Rank(int rows, double level) =>
        Math.Clamp((int)Math.Ceiling((rows + 1.0) * level * (1 - Rounding)), 1, rows);
}
