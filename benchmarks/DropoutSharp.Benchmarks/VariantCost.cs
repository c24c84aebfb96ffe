namespace DropoutSharp.Benchmarks;

/// <summary>What a variant costs in a training step.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Network">The network that is trained.</param>
/// <param name="Rate">The drop rate.</param>
/// <param name="PlainMs">A training step without dropout: median, in milliseconds.</param>
/// <param name="WithMs">A training step with it: median, in milliseconds.</param>
public sealed record VariantCost(string Variant, string Network, double Rate, double PlainMs, double WithMs)
{
    /// <summary>What it adds to a step, in milliseconds; negative where it saves time.</summary>
    public double AddedMs => WithMs - PlainMs;

    /// <summary>The share of the step that the variant takes; negative where it saves time.</summary>
    public double Share => (WithMs - PlainMs) / WithMs;
}
