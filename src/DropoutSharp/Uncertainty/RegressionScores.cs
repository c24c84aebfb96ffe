using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>Scores of predicted numbers and predictive distributions against the true targets.</summary>
/// <remarks>
/// Everything is in the unit of the targets. Sums are taken in double precision whatever the type of the values. NaN anywhere gives NaN;
/// spreads must be positive and finite.
/// </remarks>
public static partial class RegressionScores
{
    /// <summary>The root of the mean squared error.</summary>
    /// <param name="predictions">One prediction a row.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>In the targets' unit; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, or sizes that do not fit.</exception>
    /// <remarks><c>√(1/N Σ (y_n − ŷ_n)²)</c>.</remarks>
    public static double RootMeanSquaredError<T>(ReadOnlySpan<T> predictions, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        Check(predictions.Length, targets.Length, nameof(predictions), "Predictions");
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double error = ScoreGuard.Double(targets[row]) - ScoreGuard.Double(predictions[row]);
            sum += error * error;
        }

        return Math.Sqrt(sum / targets.Length);
    }

    /// <summary>The mean absolute error.</summary>
    /// <param name="predictions">One prediction a row.</param>
    /// <param name="targets">One target a row.</param>
    /// <returns>In the targets' unit; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, or sizes that do not fit.</exception>
    /// <remarks><c>1/N Σ |y_n − ŷ_n|</c>.</remarks>
    public static double MeanAbsoluteError<T>(ReadOnlySpan<T> predictions, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        Check(predictions.Length, targets.Length, nameof(predictions), "Predictions");
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            sum += Math.Abs(ScoreGuard.Double(targets[row]) - ScoreGuard.Double(predictions[row]));
        }

        return sum / targets.Length;
    }

    private static void Check(int received, int rows, string name, string what)
    {
        ScoreGuard.Rows(rows, "targets");
        ScoreGuard.SameLength(rows, received, name, what);
    }

    /// <summary>Checks passes laid out one after the other and returns how many there are.</summary>
    private static int Passes(int values, int rows, string name)
    {
        ScoreGuard.Rows(rows, "targets");
        int passes = values / rows;
        if (passes == 0 || passes * (long)rows != values)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Predictions must be one a row for each pass, a positive multiple of {rows}; received {values}."), name);
        }

        return passes;
    }
}
