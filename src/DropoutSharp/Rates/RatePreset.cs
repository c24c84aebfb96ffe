namespace DropoutSharp;

/// <summary>A drop rate to start from, and who recommends it.</summary>
/// <param name="Kind">Where the dropout is placed.</param>
/// <param name="DropRate">The drop rate.</param>
/// <param name="Variant">The variant that the rate is meant for.</param>
/// <param name="Source">Where the rate comes from.</param>
public sealed record RatePreset(LayerKind Kind, DropRate DropRate, string Variant, string Source)
{
    /// <summary>The probability that a unit is kept.</summary>
    public double KeepProbability => DropRate.KeepProbability;
}
