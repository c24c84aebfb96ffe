namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How often intervals or class sets hold the truth, on rows that calibrated nothing.</summary>
/// <param name="Level">What was asked for.</param>
/// <param name="Own">The coverage of the model's own intervals or sets.</param>
/// <param name="OwnSize">Their mean width, or number of classes.</param>
/// <param name="Conformal">The coverage after split conformal calibration; null where there are too few rows for the level.</param>
/// <param name="ConformalSize">The mean width, or number of classes, after it.</param>
/// <param name="RowsNeeded">How many calibration rows the level needs.</param>
public sealed record LevelCoverage(double Level, double Own, double OwnSize, double? Conformal, double? ConformalSize, long RowsNeeded)
{
    /// <summary>
    /// Two standard deviations of the conformal coverage by the luck of which rows calibrate and which judge; null where there is none. A coverage that is further below the level
    /// says that the rows are not exchangeable.
    /// </summary>
    /// <remarks>
    /// Of m judged rows a beta-binomial number is covered, with Beta(k, n + 1 − k) after calibration by n rows: the share has variance <c>p(1 − p)/m·(1 + (m − 1)/(n + 2))</c>.
    /// </remarks>
    public double? Chance { get; init; }

    /// <summary>See <see cref="Chance"/>.</summary>
    internal static double ChanceOf(double level, int calibrationRows, int judgedRows)
    {
        double share = Math.Ceiling((calibrationRows + 1) * level * (1 - 1e-9)) / (calibrationRows + 1);
        return 2 * Math.Sqrt(share * (1 - share) / judgedRows * (1 + ((judgedRows - 1.0) / (calibrationRows + 2))));
    }
}
