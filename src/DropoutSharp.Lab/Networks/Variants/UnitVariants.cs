using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The variants of single units, and of units that share their draws.</summary>
internal static class UnitVariants
{
    public static Variant Dropout { get; } = new()
    {
        Id = "dropout",
        Name = "Dropout",
        Summary = "drops single activations, and attention weights (Srivastava 2014)",
        Rates = VariantRates.Usual,
        CreateModule = static site => site.Place switch
        {
            DropoutPlace.Tokens => null,
            DropoutPlace.Attention => new AttentionDropout(site.Rate.Value, seed: site.Key, site: site.Number),
            _ => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
        },
    };

    public static Variant Gaussian { get; } = new()
    {
        Id = "gaussian",
        Name = "Gaussian dropout",
        Summary = "multiplies activations with noise of the same variance (Srivastava 2014, section 10)",
        Rates = VariantRates.Usual,
        CreateModule = static site => site.Place is DropoutPlace.Tokens or DropoutPlace.Attention
            ? null
            : new GaussianDropout(site.Rate.Value, seed: site.Key, site: site.Number),
    };

    public static Variant Alpha { get; } = new()
    {
        Id = "alpha",
        Name = "Alpha dropout",
        Summary = "drops to the value that keeps mean 0 and variance 1 behind SELU (Klambauer 2017)",
        Rates = VariantRates.Alpha,
        Needs = "the activation selu",
        Suits = static network => network.Activation == Activation.Selu,
        CreateModule = static site => site.Place is DropoutPlace.Input or DropoutPlace.Hidden or DropoutPlace.FeatureMap
            ? new AlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number)
            : null,
    };

    public static Variant Batchwise { get; } = new()
    {
        Id = "batchwise",
        Name = "Batchwise dropout",
        Summary = "drops the same units for all rows of a batch (Graham 2015)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "a network without attention",
        Suits = static network => !NetworkNeeds.Is(network, "transformer"),
        CreateModule = static site => new BatchwiseDropout(
            site.Rate.Value, site.Place == DropoutPlace.FeatureMap ? 1 : -1, seed: site.Key, site: site.Number),
    };
}
