namespace DropoutSharp.Lab.Comparison;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Stated">Classification: the mean confidence of the bin; regression: the nominal coverage of a central interval.</param>
/// <param name="Observed">Classification: the accuracy in the bin; regression: the share of targets inside that interval.</param>
/// <param name="Count">How many rows; bins without rows are left out.</param>
public sealed record ReliabilityBin(double Stated, double Observed, int Count);
