using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class CalibrationError
{
    /// <summary>The reliability diagram of a regression: how often targets lie inside the central interval of each level.</summary>
    /// <param name="cumulativeProbabilities">
    /// The predictive distribution function at each target, <c>F_n(y_n)</c>, in [0, 1]; <see cref="Normal.Cdf"/> gives it for a Gaussian.
    /// </param>
    /// <param name="levelCount">How many levels: <c>k/(levelCount + 1)</c> for k = 1 … levelCount; at least 1.</param>
    /// <returns>One bin a level, with the level as what was stated and the coverage as what was observed.</returns>
    /// <exception cref="ArgumentException">No rows, or a value outside [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="levelCount"/> is below 1.</exception>
    /// <remarks>
    /// The central interval of level q holds a target where <c>|2F(y) − 1| ≤ q</c>. <see cref="Expected(ReadOnlySpan{CalibrationBin})"/> of the bins is the mean
    /// gap over the levels (Kuleshov, Fenner and Ermon 2018, with absolute instead of squared gaps), in [0, 1].
    /// </remarks>
    public static CalibrationBin[] CentralIntervals<T>(ReadOnlySpan<T> cumulativeProbabilities, int levelCount = 19)
        where T : IFloatingPointIeee754<T>
    {
        int rows = cumulativeProbabilities.Length;
        ScoreGuard.Rows(rows, nameof(cumulativeProbabilities));
        if (levelCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(levelCount), levelCount, FormattableString.Invariant($"The number of levels must be at least 1; received {levelCount}."));
        }

        double[] needed = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double value = ScoreGuard.Double(cumulativeProbabilities[row]);
            if (!(value >= 0 && value <= 1))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A cumulative probability must be in [0, 1]; received {value} in row {row}."), nameof(cumulativeProbabilities));
            }

            needed[row] = Math.Abs((2 * value) - 1);
        }

        Array.Sort(needed);
        CalibrationBin[] bins = new CalibrationBin[levelCount];
        int inside = 0;
        for (int k = 1; k <= levelCount; k++)
        {
            double level = (double)k / (levelCount + 1);
            while (inside < rows && needed[inside] <= level)
            {
                inside++;
            }

            bins[k - 1] = new CalibrationBin(level, (double)inside / rows, rows);
        }

        return bins;
    }
}
