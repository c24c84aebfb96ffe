namespace DropoutSharp.Uncertainty;

/// <summary>A point of a risk–coverage curve.</summary>
/// <param name="Coverage">The share of rows that are kept, in (0, 1].</param>
/// <param name="Risk">The mean loss of the rows that are kept.</param>
public readonly record struct RiskCoveragePoint(double Coverage, double Risk);
