namespace DropoutSharp;

/// <summary>Drop rates to start from, by the kind of layer, as the literature uses them.</summary>
/// <remarks>
/// They are starting points for a search, not answers: the more data there are for each parameter, the less dropout helps.
/// Every entry names its source.
/// </remarks>
public static class RatePresets
{
    private static readonly RatePreset[] Table =
    [
        Preset(LayerKind.Input, 0.2, "Dropout",
            "Srivastava et al. 2014, appendix A.4: real-valued inputs are kept with probability 0.8"),
        Preset(LayerKind.FullyConnected, 0.5, "Dropout",
            "Srivastava et al. 2014: hidden units are kept with probability 0.5 (appendix A.4: 0.5 to 0.8)"),
        Preset(LayerKind.Convolution, 0.25, "Dropout",
            "Srivastava et al. 2014, the SVHN network: the first two of three convolutions are kept with probability 0.75, the third with 0.5"),
        Preset(LayerKind.FeatureMap, 0.2, "SpatialDropout2d",
            "Tompson et al. 2015 introduce dropping whole maps; 0.2 is a cautious start, since a map is a large unit"),
        Preset(LayerKind.FeatureBlock, 0.1, "DropBlock2d",
            "Ghiasi et al. 2018: blocks of 7 in the last two groups of ResNet-50, the keep probability falling from 1 to 0.9 over the training"),
        Preset(LayerKind.SelfNormalizing, 0.05, "AlphaDropout",
            "Klambauer et al. 2017: rates of 0.05 and 0.10 work well"),
        Preset(LayerKind.Weight, 0.5, "DropConnect", "Wan et al. 2013: half of the weights"),
        Preset(LayerKind.Recurrent, 0.25, "LockedDropout",
            "Merity et al. 2018: between the layers of a three-layer LSTM on Penn Treebank (0.4 on its inputs and its output)"),
        Preset(LayerKind.RecurrentWeight, 0.5, "WeightDrop", "Merity et al. 2018: half of the hidden-to-hidden weights"),
        Preset(LayerKind.RecurrentCell, 0.5, "Zoneout", "Krueger et al. 2017: cell states on characters of Penn Treebank"),
        Preset(LayerKind.RecurrentState, 0.05, "Zoneout", "Krueger et al. 2017: hidden states on characters of Penn Treebank"),
        Preset(LayerKind.Embedding, 0.1, "EmbeddingDropout", "Merity et al. 2018: a tenth of the words of each batch"),
        Preset(LayerKind.Attention, 0.1, "AttentionDropout", "Devlin et al. 2019: BERT drops attention probabilities like all else; the paper of Vaswani et al. 2017 drops elsewhere only"),
        Preset(LayerKind.TransformerResidual, 0.1, "Dropout", "Vaswani et al. 2017, section 5.4: the base model"),
        Preset(LayerKind.Patch, 0.5, "PatchDropout", "Liu et al. 2022: half of the tokens at little or no loss of accuracy"),
        Preset(LayerKind.ResidualBlock, 0.5, "StochasticDepth",
            "Huang et al. 2016: the last of 54 blocks, falling linearly to the first (DepthRates.Linear)"),
        Preset(LayerKind.TransformerPath, 0.1, "StochasticDepth",
            "Touvron et al. 2021 (DeiT), table 9: the rate of the last block, rising from 0 at the first (DepthRates.FromFirst)"),
        Preset(LayerKind.TransformerLayer, 0.2, "LayerDrop", "Fan et al. 2020: a fifth of the layers"),
    ];

    /// <summary>Every preset, in the order of <see cref="LayerKind"/>.</summary>
    public static IReadOnlyList<RatePreset> All { get; } = Table.AsReadOnly();

    /// <summary>The preset of a kind of layer.</summary>
    /// <param name="kind">Where the dropout is placed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of the enumeration's values.</exception>
    public static RatePreset For(LayerKind kind) =>
        Array.Find(Table, preset => preset.Kind == kind)
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, $"Layer kind must be one of {nameof(LayerKind)}; received {(int)kind}.");

    private static RatePreset Preset(LayerKind kind, double dropRate, string variant, string source) =>
        new(kind, dropRate, variant, source);
}
