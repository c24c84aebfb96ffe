namespace DropoutSharp.Lab.Comparison;

/// <summary>The network of a comparison in words and numbers.</summary>
/// <param name="Kind">Such as <c>mlp</c> or <c>cnn</c>.</param>
/// <param name="Description">Its layers in one line.</param>
/// <param name="Parameters">The number of trained numbers.</param>
/// <param name="Activation">Such as <c>relu</c>.</param>
public sealed record NetworkSummary(string Kind, string Description, long Parameters, string Activation);
