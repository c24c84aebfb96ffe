using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The variants of feature maps and of parts of them.</summary>
internal static class MapVariants
{
    public static Variant FeatureAlpha { get; } = new()
    {
        Id = "feature-alpha",
        Name = "Feature alpha dropout",
        Summary = "alpha dropout of whole feature maps and of hidden units (Klambauer 2017)",
        Rates = VariantRates.Alpha,
        IsTriedByDefault = false,
        Needs = "convolutions and the activation selu",
        Suits = static network => NetworkNeeds.HasMaps(network) && network.Activation == Activation.Selu,
        CreateModule = static site => site.Place switch
        {
            DropoutPlace.FeatureMap => new FeatureAlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number),
            DropoutPlace.Hidden => new AlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number),
            _ => null,
        },
    };

    public static Variant Spatial { get; } = new()
    {
        Id = "spatial",
        Name = "Spatial dropout",
        Summary = "drops whole feature maps, and single units of dense layers (Tompson 2015)",
        Rates = VariantRates.Usual,
        Needs = "convolutions",
        Suits = NetworkNeeds.HasMaps,
        CreateModule = static site => site.Place switch
        {
            DropoutPlace.FeatureMap => new SpatialDropout2d(site.Rate.Value, seed: site.Key, site: site.Number),
            DropoutPlace.Hidden => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
            _ => null,
        },
    };

    public static Variant DropBlock { get; } = new()
    {
        Id = "dropblock",
        Name = "DropBlock",
        Summary = "drops blocks of 3×3 cells of feature maps, and single units of dense layers (Ghiasi 2018)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "convolutions",
        Suits = NetworkNeeds.HasMaps,
        CreateModule = static site => site.Place switch
        {
            DropoutPlace.FeatureMap => new DropBlock2d(site.Rate.Value, blockSize: 3, seed: site.Key, site: site.Number),
            DropoutPlace.Hidden => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
            _ => null,
        },
    };
}
