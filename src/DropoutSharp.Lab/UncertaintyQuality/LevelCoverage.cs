namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How often intervals or class sets hold the truth, on rows that calibrated nothing.</summary>
/// <param name="Level">What was asked for.</param>
/// <param name="Own">The coverage of the model's own intervals or sets.</param>
/// <param name="OwnSize">Their mean width, or number of classes.</param>
/// <param name="Conformal">The coverage after split conformal calibration; null where there are too few rows for the level.</param>
/// <param name="ConformalSize">The mean width, or number of classes, after it.</param>
/// <param name="RowsNeeded">How many calibration rows the level needs.</param>
public sealed record LevelCoverage(double Level, double Own, double OwnSize, double? Conformal, double? ConformalSize, long RowsNeeded);
