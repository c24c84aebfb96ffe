using DropoutSharp.Torch;
using static TorchSharp.torch;

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
    public nn.Module<Tensor, Tensor>? Create(DropoutPlace place)
    {
        DropRate rate = RateAt(place);
        if (rate.KeepsAll || variant.CreateModule(new SitePlacement(place, rate, key, _next)) is not { } module)
        {
            return null;
        }

        _next++;
        return module;
    }

    /// <summary>What drops the attention weights of the next site; null where the variant has nothing there.</summary>
    public AttentionDropout? CreateAttention() => (AttentionDropout?)Create(DropoutPlace.Attention);

    /// <summary>How the branches of a block are dropped: with a rate that rises linearly to the last block's (Huang 2016).</summary>
    /// <param name="block">Which block it is, from 0.</param>
    /// <param name="blocks">How many there are.</param>
    /// <param name="branches">How many branches the block has.</param>
    public PathOptions CreatePath(int block, int blocks, uint branches)
    {
        DropRate rate = DepthRates.Linear(dropRate, blocks)[block];
        if (rate.KeepsAll || variant.CreatePath is not { } create)
        {
            return default;
        }

        PathOptions path = create(new SitePlacement(DropoutPlace.Path, rate, key, _next));
        _next += branches;
        return path;
    }

    /// <summary>A hidden dense layer, with what the variant does to its weights.</summary>
    /// <param name="layer">The layer.</param>
    public nn.Module<Tensor, Tensor> Wrap(nn.Module<Tensor, Tensor> layer) => dropRate.KeepsAll || variant.WrapDense is not { } wrap
        ? layer
        : wrap(new SitePlacement(DropoutPlace.Weights, dropRate, key, _next++), layer);

    /// <summary>The blocks of a residual network as one module; null where the variant leaves them a plain chain.</summary>
    /// <param name="blocks">The blocks in their order.</param>
    public nn.Module<Tensor, Tensor>? Wrap(IReadOnlyList<nn.Module<Tensor, Tensor>> blocks) => dropRate.KeepsAll || variant.WrapBlocks is not { } wrap
        ? null
        : wrap(new SitePlacement(DropoutPlace.Blocks, dropRate, key, _next++), blocks);

    private DropRate RateAt(DropoutPlace place) => dropRate.KeepsAll ? dropRate : place switch
    {
        DropoutPlace.Input => options.InputDropRate,
        DropoutPlace.FeatureMap => dropRate.Value * options.FeatureMapRateShare,
        _ => dropRate,
    };
}
