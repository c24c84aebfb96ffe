using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>Scores of predicted intervals and class sets.</summary>
public static class IntervalScores
{
    /// <summary>The share of targets that lie inside their intervals, ends included.</summary>
    /// <param name="lower">The lower end of each row's interval; −∞ is allowed.</param>
    /// <param name="upper">The upper end of each row's interval; +∞ is allowed.</param>
    /// <param name="targets">One target a row; NaN lies in no interval.</param>
    /// <returns>In [0, 1]; to be compared with the intervals' level.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a lower end above its upper end.</exception>
    public static double Coverage<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> upper, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        Check(lower, upper, targets.Length);
        int inside = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] >= lower[row] && targets[row] <= upper[row])
            {
                inside++;
            }
        }

        return (double)inside / targets.Length;
    }

    /// <summary>The mean width of the intervals.</summary>
    /// <param name="lower">The lower end of each row's interval.</param>
    /// <param name="upper">The upper end of each row's interval.</param>
    /// <returns>In the targets' unit; at equal coverage less is better.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a lower end above its upper end.</exception>
    public static double MeanWidth<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> upper)
        where T : IFloatingPointIeee754<T>
    {
        Check(lower, upper, lower.Length);
        double sum = 0;
        for (int row = 0; row < lower.Length; row++)
        {
            sum += ScoreGuard.Double(upper[row]) - ScoreGuard.Double(lower[row]);
        }

        return sum / lower.Length;
    }

    /// <summary>The mean interval score: the width, and for each target outside a fine that grows with its distance.</summary>
    /// <param name="lower">The lower end of each row's central interval.</param>
    /// <param name="upper">The upper end of each row's central interval.</param>
    /// <param name="targets">One target a row.</param>
    /// <param name="level">The intervals' level, above 0 and below 1.</param>
    /// <returns>In the targets' unit; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a lower end above its upper end.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not above 0 and below 1.</exception>
    /// <remarks><c>1/N Σ [(u − l) + 2/α·max(0, l − y) + 2/α·max(0, y − u)]</c>, <c>α = 1 − level</c> (Winkler 1972; Gneiting and Raftery 2007): proper.</remarks>
    public static double IntervalScore<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> upper, ReadOnlySpan<T> targets, double level)
        where T : IFloatingPointIeee754<T>
    {
        Check(lower, upper, targets.Length);
        ScoreGuard.Level(level);
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double low = ScoreGuard.Double(lower[row]), high = ScoreGuard.Double(upper[row]), target = ScoreGuard.Double(targets[row]);
            sum += high - low + (2 / (1 - level) * (Math.Max(0, low - target) + Math.Max(0, target - high)));
        }

        return sum / targets.Length;
    }

    private static void Check<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> upper, int rows)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.Rows(rows, "targets");
        ScoreGuard.SameLength(rows, lower.Length, nameof(lower), "Lower ends");
        ScoreGuard.SameLength(rows, upper.Length, nameof(upper), "Upper ends");
        for (int row = 0; row < rows; row++)
        {
            if (!(lower[row] <= upper[row]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The lower end of an interval must be at most its upper end; received {lower[row]} and {upper[row]} in row {row}."),
                    nameof(lower));
            }
        }
    }
}
