using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>How a block normalises what enters a branch.</summary>
public enum NormKind
{
    /// <summary>Layer normalisation (Ba, Kiros and Hinton 2016).</summary>
    LayerNorm,

    /// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019).</summary>
    RMSNorm,
}

/// <summary>Makes normalisation layers.</summary>
internal static class Norms
{
    public static nn.Module<Tensor, Tensor> Create(NormKind kind, long width) => kind switch
    {
        NormKind.LayerNorm => nn.LayerNorm(width),
        NormKind.RMSNorm => new RMSNorm(width),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"Norm must be LayerNorm or RMSNorm; received {kind}."),
    };
}
