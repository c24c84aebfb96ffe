namespace DropoutSharp.Lab.Networks;

/// <summary>Drop rates that a comparison tries.</summary>
internal static class VariantRates
{
    /// <summary>From little, which tables gain from, to the half of the first papers.</summary>
    public static readonly IReadOnlyList<double> Usual = [0.05, 0.1, 0.2, 0.3, 0.5];

    /// <summary>Low ones: alpha dropout's authors advise 0.05 and 0.1.</summary>
    public static readonly IReadOnlyList<double> Alpha = [0.05, 0.1, 0.15, 0.2, 0.3];
}
