namespace DropoutSharp.Lab.Comparison;

/// <summary>A learned drop rate over seeds.</summary>
/// <param name="Site">The names that lead to the module, separated by dots.</param>
/// <param name="DropRate">Its mean with a confidence interval.</param>
public sealed record LearnedRateSummary(string Site, ScoreSummary DropRate);
