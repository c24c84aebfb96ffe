using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Where a transformer block drops, and how it normalises.</summary>
public sealed record TransformerBlockOptions
{
    /// <summary>What drops attention weights; null for none.</summary>
    public AttentionDropout? AttentionDropout { get; init; }

    /// <summary>What acts on the output of the attention, before it is added; null for none.</summary>
    public nn.Module<Tensor, Tensor>? AttentionOutputDropout { get; init; }

    /// <summary>What acts on the hidden units of the feed-forward part; null for none.</summary>
    public nn.Module<Tensor, Tensor>? HiddenDropout { get; init; }

    /// <summary>What acts on the output of the feed-forward part, before it is added; null for none.</summary>
    public nn.Module<Tensor, Tensor>? OutputDropout { get; init; }

    /// <summary>How the two branches are dropped.</summary>
    public PathOptions Path { get; init; }

    /// <summary>The normalisation before each branch.</summary>
    public NormKind Norm { get; init; } = NormKind.LayerNorm;

    /// <summary>Whether a token looks at itself and those before it only.</summary>
    public bool IsCausal { get; init; }

    /// <summary>The activation of the feed-forward part; null for GELU.</summary>
    public nn.Module<Tensor, Tensor>? Activation { get; init; }
}
