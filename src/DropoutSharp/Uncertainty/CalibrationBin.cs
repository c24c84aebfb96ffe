namespace DropoutSharp.Uncertainty;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Stated">What was stated: the mean confidence of the bin's rows, or the level of an interval.</param>
/// <param name="Observed">What was observed: the share of the rows that were right, or lay inside the interval.</param>
/// <param name="Count">How many rows.</param>
public readonly record struct CalibrationBin(double Stated, double Observed, int Count)
{
    /// <summary>The distance between what was stated and what was observed.</summary>
    public double Gap => Math.Abs(Stated - Observed);
}
