using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>Intervals that hold the target with a guaranteed probability, by split conformal prediction on top of any regression.</summary>
/// <remarks>
/// The nonconformity of a row is its absolute residual in units of the model's own spread, <c>|y − μ|/σ</c>; the interval is <c>μ ± q·σ</c> with the
/// <see cref="Conformal.Quantile">conformal quantile</see> q (Papadopoulos et al. 2002; Lei et al. 2018). Coverage is guaranteed whatever the model believes; a spread that
/// knows where the model errs makes the intervals narrow where they may be. The guarantee is over rows exchangeable with the calibration rows,
/// on average and not for each kind of row, and calibration rows must not have been trained on.
/// </remarks>
public sealed class ConformalRegression
{
    /// <summary>A calibration made earlier.</summary>
    /// <param name="level">The level, above 0 and below 1.</param>
    /// <param name="factor">How many spreads an interval reaches to either side; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    public ConformalRegression(double level, double factor)
    {
        ScoreGuard.Level(level);
        if (!(factor >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(factor), factor, FormattableString.Invariant($"The factor must not be negative; received {factor}."));
        }

        Level = level;
        Factor = factor;
    }

    /// <summary>The probability with which an interval holds its target, above 0 and below 1.</summary>
    public double Level { get; }

    /// <summary>How many spreads an interval reaches to either side.</summary>
    public double Factor { get; }

    /// <summary>Calibrates on rows that the model was not trained on.</summary>
    /// <param name="predictions">The prediction of each row.</param>
    /// <param name="spreads">The model's own spread of each row, such as its predictive standard deviation; positive.</param>
    /// <param name="targets">The target of each row.</param>
    /// <param name="level">The probability with which an interval is to hold its target, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, NaN, or fewer rows than the level needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A spread is not positive and finite, or the level is not above 0 and below 1.</exception>
    public static ConformalRegression Calibrate<T>(ReadOnlySpan<T> predictions, ReadOnlySpan<T> spreads, ReadOnlySpan<T> targets, double level)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.Level(level);
        return new ConformalRegression(level, Conformal.Quantile(Scores(predictions, spreads, targets), level));
    }

    /// <summary>The nonconformity of each row, <c>|y − μ|/σ</c>, to be kept for levels that are asked for later.</summary>
    /// <param name="predictions">The prediction of each row.</param>
    /// <param name="spreads">The model's own spread of each row; positive.</param>
    /// <param name="targets">The target of each row.</param>
    /// <returns>One a row, not negative.</returns>
    /// <exception cref="ArgumentException">Sizes that do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A spread is not positive and finite.</exception>
    public static double[] Scores<T>(ReadOnlySpan<T> predictions, ReadOnlySpan<T> spreads, ReadOnlySpan<T> targets)
        where T : IFloatingPointIeee754<T>
    {
        ScoreGuard.SameLength(targets.Length, predictions.Length, nameof(predictions), "Predictions");
        ScoreGuard.SameLength(targets.Length, spreads.Length, nameof(spreads), "Spreads");
        double[] scores = new double[targets.Length];
        for (int row = 0; row < scores.Length; row++)
        {
            double spread = ScoreGuard.Double(spreads[row]);
            ScoreGuard.Positive(spread, nameof(spreads), "A spread", row);
            scores[row] = Math.Abs(ScoreGuard.Double(targets[row]) - ScoreGuard.Double(predictions[row])) / spread;
        }

        return scores;
    }

    /// <summary>Calibrates a model that says nothing of its spread: every interval is as wide as the others.</summary>
    /// <param name="predictions">The prediction of each row.</param>
    /// <param name="targets">The target of each row.</param>
    /// <param name="level">The probability with which an interval is to hold its target, above 0 and below 1.</param>
    /// <returns>A calibration for a spread of 1.</returns>
    /// <exception cref="ArgumentException">Sizes that do not fit, NaN, or fewer rows than the level needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not above 0 and below 1.</exception>
    public static ConformalRegression Calibrate<T>(ReadOnlySpan<T> predictions, ReadOnlySpan<T> targets, double level)
        where T : IFloatingPointIeee754<T>
    {
        T[] spreads = new T[targets.Length];
        Array.Fill(spreads, T.One);
        return Calibrate(predictions, spreads, targets, level);
    }

    /// <summary>The interval of a new row.</summary>
    /// <param name="prediction">The model's prediction.</param>
    /// <param name="spread">The model's own spread, as in calibration; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="spread"/> is not positive and finite.</exception>
    public PredictionInterval Interval(double prediction, double spread = 1)
    {
        ScoreGuard.Positive(spread, nameof(spread), "A spread");
        return new PredictionInterval(prediction - (Factor * spread), prediction + (Factor * spread));
    }
}
