namespace DropoutSharp.Lab.Comparison;

/// <summary>Which candidate of a comparison is meant.</summary>
/// <param name="Variant">The variant's identifier, such as <c>dropout</c>.</param>
/// <param name="DropRate">The drop rate, in [0, 1).</param>
public sealed record CandidateName(string Variant, double DropRate);
