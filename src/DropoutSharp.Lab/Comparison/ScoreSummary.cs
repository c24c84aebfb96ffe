namespace DropoutSharp.Lab.Comparison;

/// <summary>The mean of a score over seeds with its confidence interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The interval's lower end; the mean itself where there is one seed.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Seeds">How many seeds.</param>
public sealed record ScoreSummary(double Mean, double Low, double High, int Seeds);
