namespace DropoutSharp.Benchmarks;

/// <summary>What a variant costs in a training step.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Network">The network that is trained.</param>
/// <param name="Rate">The drop rate.</param>
/// <param name="PlainMs">A training step without dropout: median, in milliseconds.</param>
/// <param name="WithMs">A training step with it: median, in milliseconds.</param>
/// <param name="AddedMs">What it adds to a step: the median of differences between neighbouring steps, in milliseconds; negative where it saves time.</param>
/// <param name="AddedLowMs">The lower end of that median's 95 % interval.</param>
/// <param name="AddedHighMs">The upper end of that median's 95 % interval.</param>
/// <param name="Pairs">How many differences were measured.</param>
/// <param name="PlainPeakMb">The most memory that a step without dropout held beyond what it found, in mebibytes; NaN where the system does not count it.</param>
/// <param name="WithPeakMb">The same of a step with the variant.</param>
public sealed record VariantCost(
    string Variant, string Network, double Rate, double PlainMs, double WithMs, double AddedMs, double AddedLowMs, double AddedHighMs, int Pairs,
    double PlainPeakMb, double WithPeakMb)
{
    /// <summary>The share of the step that the variant takes; negative where it saves time.</summary>
    public double Share => ShareOf(AddedMs);

    /// <summary>The lower end of the share's 95 % interval.</summary>
    public double ShareLow => ShareOf(AddedLowMs);

    /// <summary>The upper end of the share's 95 % interval.</summary>
    public double ShareHigh => ShareOf(AddedHighMs);

    private double ShareOf(double added) => added / (PlainMs + added);
}
