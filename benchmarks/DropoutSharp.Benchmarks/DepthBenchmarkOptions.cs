using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Which residual networks are measured, and how long.</summary>
public sealed record DepthBenchmarkOptions
{
    /// <summary>Drop rates, case by case; 0.1, 0.3 and 0.5 by default.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.1, 0.3, 0.5];

    /// <summary>Features of the dense blocks, case by case; 256 and 1,024 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [256, 1024];

    /// <summary>Maps of the convolutional blocks, 16×16 each, case by case; 32 by default.</summary>
    public IReadOnlyList<int> Maps { get; init; } = [32];

    /// <summary>Rows a batch, case by case; 32 and 128 by default.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [32, 128];

    /// <summary>The modes, case by case; Batch and Subset by default.</summary>
    public IReadOnlyList<StochasticDepthMode> Modes { get; init; } = [StochasticDepthMode.Batch, StochasticDepthMode.Subset];

    /// <summary>How many blocks a network has; 16 by default.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>How many steps are measured, each with masks of its own, the same for all contenders; 10 by default.</summary>
    public int Steps { get; init; } = 10;
}
