namespace DropoutSharp.Lab.Comparison;

/// <summary>A drop rate that was learned with the weights.</summary>
/// <param name="Site">The names that lead to the module, separated by dots.</param>
/// <param name="DropRate">The rate, in [0, 1); for Gaussian noise of variance α the mean of <c>α/(1 + α)</c>.</param>
public sealed record LearnedRate(string Site, double DropRate);
