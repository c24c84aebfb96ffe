using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The variants of residual branches and whole blocks.</summary>
internal static class PathVariants
{
    public static Variant StochasticDepth { get; } = new()
    {
        Id = "stochastic-depth",
        Name = "Stochastic depth",
        Summary = "drops residual branches, more of the later ones; a dropped branch is not run (Huang 2016)",
        Rates = VariantRates.Usual,
        Needs = "residual branches",
        Suits = NetworkNeeds.HasBranches,
        CreateModule = static _ => null,
        CreatePath = static site => new PathOptions(site.Rate.Value, StochasticDepthMode.Subset, Seed: site.Key, Site: site.Number),
    };

    public static Variant LayerDrop { get; } = new()
    {
        Id = "layerdrop",
        Name = "LayerDrop",
        Summary = "skips whole blocks, all with the same rate (Fan 2020)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "residual blocks of one width",
        Suits = static network => NetworkNeeds.Is(network, "resmlp", "transformer"),
        CreateModule = static _ => null,
        WrapBlocks = static (site, blocks) => new LayerDrop(blocks, site.Rate.Value, site.Key, site.Number),
    };
}
