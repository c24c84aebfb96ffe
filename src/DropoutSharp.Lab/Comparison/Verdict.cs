namespace DropoutSharp.Lab.Comparison;

/// <summary>The answer of a comparison.</summary>
/// <param name="Sentence">What to use and how certain that is, or that nothing helped.</param>
/// <param name="Variant">The recommended variant's identifier; <c>none</c> where nothing helped.</param>
/// <param name="DropRate">Its rate.</param>
/// <param name="Helps">Whether it beats "none" beyond doubt at the comparison's level.</param>
public sealed record Verdict(string Sentence, string Variant, double DropRate, bool Helps);
