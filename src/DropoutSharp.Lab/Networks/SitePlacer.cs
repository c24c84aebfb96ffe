using TorchSharp;

namespace DropoutSharp.Lab.Networks;

/// <summary>Hands out the dropout modules of one network: numbers the sites and knows the rate at each kind of place.</summary>
/// <param name="variant">The variant.</param>
/// <param name="dropRate">The candidate's drop rate.</param>
/// <param name="options">The network, for the rates of inputs and feature maps.</param>
/// <param name="key">The key of the masks.</param>
public sealed class SitePlacer(Variant variant, DropRate dropRate, NetworkOptions options, ulong key)
{
    private uint _next;

    /// <summary>The module for the next site; null where the network has none there, which costs no site number.</summary>
    /// <param name="place">What it acts on.</param>
    public torch.nn.Module<torch.Tensor, torch.Tensor>? Create(DropoutPlace place)
    {
        DropRate rate = RateAt(place);
        if (rate.KeepsAll || variant.CreateModule(new SitePlacement(place, rate, key, _next)) is not { } module)
        {
            return null;
        }

        _next++;
        return module;
    }

    private DropRate RateAt(DropoutPlace place) => dropRate.KeepsAll ? dropRate : place switch
    {
        DropoutPlace.Input => options.InputDropRate,
        DropoutPlace.FeatureMap => dropRate.Value * options.FeatureMapRateShare,
        _ => dropRate,
    };
}
