using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Which of TorchSharp's modules treat each feature for itself, and what they make of zeros.</summary>
/// <remarks>Left out: what draws (RReLU), what has a parameter a feature (PReLU), and what mixes features (softmax, GLU, layer and group normalisation).</remarks>
internal static class FeaturewiseModules
{
    private static readonly HashSet<Type> KeepZero =
    [
        typeof(ReLU), typeof(ReLU6), typeof(LeakyReLU), typeof(ELU), typeof(SELU), typeof(CELU), typeof(GELU), typeof(SiLU), typeof(Mish), typeof(Hardswish), typeof(Tanh), typeof(Tanhshrink),
        typeof(Softshrink), typeof(Hardshrink), typeof(Softsign), typeof(Identity),
    ];

    private static readonly HashSet<Type> MoveZero = [typeof(Sigmoid), typeof(Hardsigmoid), typeof(LogSigmoid), typeof(Softplus), typeof(Hardtanh), typeof(Threshold)];

    private static readonly HashSet<Type> OfMaps =
    [
        typeof(AvgPool1d), typeof(AvgPool2d), typeof(AvgPool3d), typeof(MaxPool1d), typeof(MaxPool2d), typeof(MaxPool3d), typeof(AdaptiveAvgPool1d), typeof(AdaptiveAvgPool2d),
        typeof(AdaptiveAvgPool3d), typeof(AdaptiveMaxPool1d), typeof(AdaptiveMaxPool2d), typeof(AdaptiveMaxPool3d),
    ];

    /// <summary>Whether a module keeps zeros, and whether its features must be channels of maps; null where it is none that is known to treat each feature for itself.</summary>
    public static (bool KeepsZero, bool IsOfMaps)? Find(nn.Module module)
    {
        Type type = module.GetType();
        return KeepZero.Contains(type) ? (true, false) : MoveZero.Contains(type) ? (false, false) : OfMaps.Contains(type) ? (true, true) : null;
    }
}
