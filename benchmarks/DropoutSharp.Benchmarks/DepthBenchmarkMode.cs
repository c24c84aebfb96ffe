using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>How the branches of a measured residual network are dropped.</summary>
public enum DepthBenchmarkMode
{
    /// <summary><see cref="StochasticDepthMode.Batch"/>.</summary>
    Batch,

    /// <summary><see cref="StochasticDepthMode.Row"/>: everything is run, for comparison.</summary>
    Row,

    /// <summary><see cref="StochasticDepthMode.Subset"/>.</summary>
    Subset,

    /// <summary><see cref="StochasticDepthMode.FixedSubset"/>.</summary>
    FixedSubset,

    /// <summary><see cref="Torch.LayerDrop"/>.</summary>
    LayerDrop,
}
