namespace DropoutSharp.Lab.Models;

/// <summary>Which sub-networks of a network an ensemble consists of: Monte-Carlo passes whose rows share masks.</summary>
/// <param name="Seed">The seed of the passes.</param>
/// <param name="Passes">The passes, one a member.</param>
public sealed record EnsembleDescription(ulong Seed, IReadOnlyList<int> Passes);
