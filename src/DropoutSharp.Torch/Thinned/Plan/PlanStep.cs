using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One step of a model's <see cref="ModelPlan"/>: a layer, with what thinning must know of it.</summary>
/// <param name="path">The names that lead to the module, separated by dots.</param>
internal abstract class PlanStep(string path)
{
    /// <summary>The names that lead to the module, separated by dots.</summary>
    public string Path { get; } = path;
}

/// <summary>A Linear or a convolution without groups: rows of its weight are output features, columns input features.</summary>
internal sealed class WeightStep(string path, nn.Module<Tensor, Tensor> module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public nn.Module<Tensor, Tensor> Module { get; } = module;

    /// <summary>The layer, to be computed with weights that are not its own.</summary>
    public WeightedLayer Layer { get; } = new(module);

    /// <summary>Whether it is a convolution, whose features are channels (dimension 1) instead of the last dimension.</summary>
    public bool IsConvolution { get; } = module is Convolution;
}

/// <summary>A module whose every output feature depends on the same input feature alone: an elementwise activation, or pooling of maps.</summary>
internal sealed class FeaturewiseStep(string path, nn.Module<Tensor, Tensor> module, bool keepsZero, bool isOfMaps) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public nn.Module<Tensor, Tensor> Module { get; } = module;

    /// <summary>Whether a feature that is zero everywhere stays so.</summary>
    public bool KeepsZero { get; } = keepsZero;

    /// <summary>Whether features must be channels of maps, dimension 1.</summary>
    public bool IsOfMaps { get; } = isOfMaps;
}

/// <summary>Batch normalisation: each feature for itself, but its running statistics need every feature.</summary>
internal sealed class BatchNormStep(string path, BatchNorm module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public BatchNorm Module { get; } = module;

    /// <summary>Whether a pass through it changes running statistics, of the features that are dropped afterwards too.</summary>
    public bool KeepsStatistics => Module.training && Module.track_running_stats;
}

/// <summary>RMS normalisation: zeros stay zero, but every feature is divided by the root of all.</summary>
internal sealed class RmsNormStep(string path, RMSNorm module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public RMSNorm Module { get; } = module;
}

/// <summary>A dropout site with a Bernoulli mask.</summary>
internal sealed class DropoutStep(string path, MaskedModule module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public MaskedModule Module { get; } = module;

    /// <summary>Whether the same module stands at several places of the plan: its draws must then be taken in their order.</summary>
    public bool IsRepeated { get; set; }
}

/// <summary>Joins dimensions from 1 on: a kept channel becomes a run of kept features.</summary>
internal sealed class FlattenStep(string path, Flatten module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public Flatten Module { get; } = module;
}

/// <summary>A residual block: shortcut plus branch.</summary>
internal sealed class ResidualStep(string path, ModelPlan branch, ModelPlan? shortcut) : PlanStep(path)
{
    /// <summary>What is added.</summary>
    public ModelPlan Branch { get; } = branch;

    /// <summary>What the input becomes before; null for itself.</summary>
    public ModelPlan? Shortcut { get; } = shortcut;
}

/// <summary>A residual block whose branch is dropped at random.</summary>
internal sealed class StochasticDepthStep(string path, StochasticDepth module, ModelPlan branch) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public StochasticDepth Module { get; } = module;

    /// <summary>Its branch.</summary>
    public ModelPlan Branch { get; } = branch;
}

/// <summary>Any other module: it is called as it is, with all features.</summary>
internal sealed class OpaqueStep(string path, nn.Module<Tensor, Tensor> module) : PlanStep(path)
{
    /// <summary>The module.</summary>
    public nn.Module<Tensor, Tensor> Module { get; } = module;
}
