namespace DropoutSharp.Lab.Comparison;

/// <summary>A paired t-test of a candidate against "none", in the ranked score.</summary>
/// <param name="Score">The score that was tested.</param>
/// <param name="MeanDifference">Candidate minus none; negative is better for a score of which less is better.</param>
/// <param name="Low">The confidence interval's lower end.</param>
/// <param name="High">The confidence interval's upper end.</param>
/// <param name="PValue">Two-sided, uncorrected.</param>
/// <param name="CorrectedPValue">
/// Corrected after Holm (1979): at a variant's chosen rate for the number of variants, at any other rate for the number of all candidates.
/// </param>
public sealed record PairedTest(string Score, double MeanDifference, double Low, double High, double PValue, double CorrectedPValue);
