using static TorchSharp.torch;

namespace DropoutSharp.Torch;

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
