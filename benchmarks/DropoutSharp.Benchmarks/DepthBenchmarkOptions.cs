namespace DropoutSharp.Benchmarks;

/// <summary>Which residual networks are measured, and how long.</summary>
public sealed record DepthBenchmarkOptions
{
    /// <summary>Drop rates of the last block, case by case; 0.2, 0.5 and 0.8 by default.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.2, 0.5, 0.8];

    /// <summary>Features of the dense blocks, case by case; 256 and 512 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [256, 512];

    /// <summary>Maps of the convolutional blocks, 16×16 each, case by case; 32 by default.</summary>
    public IReadOnlyList<int> Maps { get; init; } = [32];

    /// <summary>Rows a batch, case by case; 128 by default.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [128];

    /// <summary>The modes, case by case; all by default.</summary>
    public IReadOnlyList<DepthBenchmarkMode> Modes { get; init; } = Enum.GetValues<DepthBenchmarkMode>();

    /// <summary>How many blocks a network has; 16 by default.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>How many steps are measured, each with masks of its own; 6 by default.</summary>
    public int Steps { get; init; } = 6;

    /// <summary>How often each step is measured; 6 by default, from where on the shares' intervals have 95 %.</summary>
    public int Turns { get; init; } = 6;
}
