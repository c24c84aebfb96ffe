using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>Sets of classes that hold the true one with a guaranteed probability, by split conformal prediction on top of any classifier.</summary>
/// <remarks>
/// Classes are taken by falling probability (the lower index first where two are equal). The nonconformity of a row and class is the probability that is
/// taken up to and with that class (Romano, Sesia and Candès 2020, "Classification with valid and adaptive coverage"); the set is of all classes whose nonconformity is at most
/// the <see cref="Conformal.Quantile">conformal quantile</see>, and always of the most probable class, which can only raise the coverage.
/// <para>
/// Randomised (<see cref="RandomizationKey"/> is given), the class itself counts with <c>u·p</c>, u uniform on (0, 1) a row: coverage is then near the level from above and sets are much
/// smaller where a classifier is confident. u is a pure function of key and row, so that the same row gets the same set again. Not
/// randomised, sets need no key but are larger than the level asks for.
/// </para>
/// The guarantee is over rows exchangeable with the calibration rows, on average and not for each class.
/// </remarks>
public sealed class AdaptivePredictionSets
{
    /// <summary>A calibration made earlier.</summary>
    /// <param name="level">The level, above 0 and below 1.</param>
    /// <param name="threshold">The largest nonconformity of a class in a set; not negative.</param>
    /// <param name="randomizationKey">The key of the random parts; null where sets are not randomised.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    public AdaptivePredictionSets(double level, double threshold, ulong? randomizationKey = null)
    {
        ScoreGuard.Level(level);
        if (!(threshold >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, FormattableString.Invariant($"The threshold must not be negative; received {threshold}."));
        }

        Level = level;
        Threshold = threshold;
        RandomizationKey = randomizationKey;
    }

    /// <summary>The probability with which a set holds the true class, above 0 and below 1.</summary>
    public double Level { get; }

    /// <summary>The largest nonconformity of a class in a set.</summary>
    public double Threshold { get; }

    /// <summary>The key of the random parts; null where sets are not randomised.</summary>
    public ulong? RandomizationKey { get; }

    /// <summary>Calibrates on rows that the model was not trained on.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="level">The probability with which a set is to hold the true class, above 0 and below 1.</param>
    /// <param name="randomizationKey">The key of the random parts; null where sets are not to be randomised.</param>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or fewer rows than the level needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not above 0 and below 1.</exception>
    public static AdaptivePredictionSets Calibrate<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, double level, ulong? randomizationKey = null)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.Level(level);
        double[] scores = Scores(probabilities, labels, randomizationKey);
        return new AdaptivePredictionSets(level, Conformal.Quantile(scores, level), randomizationKey);
    }

    /// <summary>The nonconformity of each row's true class, to be kept for levels that are asked for later.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="randomizationKey">The key of the random parts; null where sets are not to be randomised.</param>
    /// <returns>One a row, in [0, 1] to rounding.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a label that is no class.</exception>
    public static double[] Scores<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, ulong? randomizationKey = null)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        double[] scores = new double[labels.Length];
        double[] ofRow = new double[classes];
        int[] order = new int[classes];
        for (int row = 0; row < labels.Length; row++)
        {
            Sort(probabilities.Slice(row * classes, classes), ofRow, order);
            double u = CalibrationUniform(randomizationKey, row);
            double taken = 0;
            for (int i = 0; i < classes; i++)
            {
                if (order[i] == labels[row])
                {
                    scores[row] = taken + (u * -ofRow[i]);
                    break;
                }

                taken -= ofRow[i];
            }
        }

        return scores;
    }

    /// <summary>The set of a new row.</summary>
    /// <param name="probabilities">The probability of each class, in [0, 1].</param>
    /// <param name="row">The row's number among the new rows, which decides its random part; not negative. Of no effect where sets are not randomised.</param>
    /// <returns>The classes of the set by falling probability; at least one.</returns>
    /// <exception cref="ArgumentException">Values that are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is negative and sets are randomised.</exception>
    public int[] Predict<T>(ReadOnlySpan<T> probabilities, long row = 0)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, 1);
        double[] negated = new double[classes];
        int[] order = new int[classes];
        Sort(probabilities, negated, order);
        double u = RandomizationKey is ulong key ? new MaskStream(key, Step: 1).Uniform(row) : 1;
        double taken = 0;
        int count = 0;
        while (count < classes && taken + (u * -negated[count]) <= Threshold)
        {
            taken -= negated[count++];
        }

        return order[..Math.Max(1, count)];
    }

    // Calibration draws from step 0 of the key and prediction from step 1: no new row shares its u with a calibration row.
    private static double CalibrationUniform(ulong? key, int row) => key is ulong value ? new MaskStream(value).Uniform(row) : 1;

    /// <summary>Negated probabilities by rising value, and the classes that they belong to; equal ones by class.</summary>
    private static void Sort<T>(ReadOnlySpan<T> probabilities, double[] negated, int[] order)
        where T : IFloatingPointIeee754<T>
    {
        for (int c = 0; c < order.Length; c++)
        {
            negated[c] = -ScoreGuard.Double(probabilities[c]);
            order[c] = c;
        }

        double[] keys = [.. negated];
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        for (int i = 0; i < order.Length; i++)
        {
            negated[i] = keys[order[i]];
        }
    }
}
