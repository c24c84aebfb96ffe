using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>How well an uncertainty tells rows of a foreign distribution from rows of the model's own.</summary>
/// <remarks>Any uncertainty serves as the score, as long as more of it means more foreign: mutual information, predictive entropy, a standard deviation.</remarks>
public static class OutOfDistribution
{
    /// <summary>The area under the receiver operating characteristic.</summary>
    /// <param name="inDistribution">The score of each row of the model's own distribution.</param>
    /// <param name="foreign">The score of each foreign row; higher means more foreign.</param>
    /// <returns>In [0, 1]: 1 separates perfectly, ½ is chance.</returns>
    /// <exception cref="ArgumentException">A span is empty or holds NaN.</exception>
    /// <remarks>
    /// The probability that a foreign row scores higher than one of the model's own, ties counting one half: the Mann–Whitney statistic
    /// <c>U/(n·m)</c> (Hanley and McNeil 1982), exact for any ties.
    /// </remarks>
    public static double Auroc<T>(ReadOnlySpan<T> inDistribution, ReadOnlySpan<T> foreign)
        where T : IFloatingPointIeee754<T>
    {
        double[] own = Sorted(inDistribution, nameof(inDistribution));
        double[] other = Sorted(foreign, nameof(foreign));
        double wins = 0;
        int below = 0, notAbove = 0;
        foreach (double score in other)
        {
            while (below < own.Length && own[below] < score)
            {
                below++;
            }

            while (notAbove < own.Length && own[notAbove] <= score)
            {
                notAbove++;
            }

            wins += 0.5 * (below + notAbove);
        }

        return wins / own.Length / other.Length;
    }

    /// <summary>The share of foreign rows that pass as the model's own when a given share of the model's own rows passes.</summary>
    /// <param name="inDistribution">The score of each row of the model's own distribution.</param>
    /// <param name="foreign">The score of each foreign row; higher means more foreign.</param>
    /// <param name="truePositiveRate">The share of the model's own rows that must pass, above 0 and at most 1; 0.95 gives FPR95.</param>
    /// <returns>In [0, 1]; less is better.</returns>
    /// <exception cref="ArgumentException">A span is empty or holds NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="truePositiveRate"/> is not above 0 and at most 1.</exception>
    /// <remarks>
    /// The threshold is the lowest score that lets at least that share of the model's own rows pass; a foreign row passes where its score is at most the
    /// threshold, so ties count against the detector (Liang, Li and Srikant 2018, with the model's own rows as positives).
    /// </remarks>
    public static double FalsePositiveRate<T>(ReadOnlySpan<T> inDistribution, ReadOnlySpan<T> foreign, double truePositiveRate = 0.95)
        where T : IFloatingPointIeee754<T>
    {
        if (!(truePositiveRate > 0 && truePositiveRate <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(truePositiveRate), truePositiveRate,
                FormattableString.Invariant($"The true positive rate must be above 0 and at most 1; received {truePositiveRate}."));
        }

        double[] own = Sorted(inDistribution, nameof(inDistribution));
        double[] other = Sorted(foreign, nameof(foreign));

        // A rate such as 0.95 is not a binary fraction: 0.95·20 must ask for 19 rows, not 20.
        int passing = Math.Clamp((int)Math.Ceiling((truePositiveRate * own.Length) - (1e-12 * own.Length)), 1, own.Length);
        double threshold = own[passing - 1];
        return (double)other.Count(score => score <= threshold) / other.Length;
    }

    private static double[] Sorted<T>(ReadOnlySpan<T> scores, string name)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.Rows(scores.Length, name);
        double[] sorted = new double[scores.Length];
        for (int row = 0; row < sorted.Length; row++)
        {
            sorted[row] = ScoreGuard.Double(scores[row]);
            ScoreGuard.NoNaN(sorted[row], name, "A score", row);
        }

        Array.Sort(sorted);
        return sorted;
    }
}
