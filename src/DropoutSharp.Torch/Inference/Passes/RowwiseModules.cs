using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Modules of which it is known that, in evaluation mode, a row's output depends on that row alone.</summary>
internal static class RowwiseModules
{
    /// <summary>Whether rows of several passes may be given to the module at once.</summary>
    public static bool Contains(nn.Module module) => module switch
    {
        NormBase norm => norm.track_running_stats || norm is InstanceNorm1d or InstanceNorm2d or InstanceNorm3d,
        Flatten flatten => flatten.start_dim >= 1,
        Linear or Convolution or LayerNorm or GroupNorm or RMSNorm or LocalResponseNorm or Embedding => true,
        _ => FeaturewiseModules.Find(module) is not null,
    };

    /// <summary>Modules whose call converts no number to a Scalar on the way, which threads of torch cannot do safely at the same time.</summary>
    public static bool IsFreeThreaded(nn.Module module) =>
        module is Linear or Convolution or ReLU or GELU or SiLU or Tanh or Sigmoid or Identity or Flatten or LayerNorm or NormBase or MaxPool2d or AvgPool2d or AdaptiveAvgPool2d;
}
