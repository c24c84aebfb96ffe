using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a module without dropout does to units: mixes them by weights, or takes them one by one.</summary>
internal abstract class UnitLayer
{
    /// <summary>Whether each unit that comes in is one that goes out, so that a mask behind the module may as well be before it.</summary>
    public virtual bool KeepsUnits => false;

    /// <summary>What a module does to units; null where it is not known.</summary>
    public static UnitLayer? Of(nn.Module<Tensor, Tensor> module) => ModuleHooks.Has(module) ? null : module switch
    {
        Linear or Convolution { transposed: false, groups: 1 } => new UnitWeights(module),
        BatchNorm { track_running_stats: true } norm => new UnitNorm(norm),
        Flatten { start_dim: 1, end_dim: -1 } => new UnitFlatten(module),
        MaxPool1d or MaxPool2d or MaxPool3d or AdaptiveMaxPool1d or AdaptiveMaxPool2d or AdaptiveMaxPool3d
            or AdaptiveAvgPool1d or AdaptiveAvgPool2d or AdaptiveAvgPool3d => new UnitPool(module, keepsConstants: true),
        AvgPool1d or AvgPool2d or AvgPool3d => new UnitPool(module, keepsConstants: false),
        _ => FeaturewiseModules.Find(module) is { IsOfMaps: false } ? new UnitFunction(module) : null,
    };

    /// <summary>Whether units of a shape may be taken one by one.</summary>
    public virtual bool Takes(long[] shape, int dimension) => true;

    /// <summary>Notes what the module does to the kept units.</summary>
    /// <returns>False where it must be run with all units.</returns>
    public abstract bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted);
}
