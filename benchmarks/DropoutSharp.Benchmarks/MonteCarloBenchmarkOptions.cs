using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Which Monte-Carlo predictions are measured, and how long.</summary>
public sealed record MonteCarloBenchmarkOptions
{
    /// <summary>Hidden units a layer, case by case; 256, 1,024 and 2,048 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [256, 1024, 2048];

    /// <summary>Rows, case by case; 32, 128 and 512 by default.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [32, 128, 512];

    /// <summary>Drop rates, case by case; 0.2, 0.5 and 0.8 by default.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.2, 0.5, 0.8];

    /// <summary>Whether the rows of a pass share a mask, case by case; shared alone by default.</summary>
    public IReadOnlyList<bool> Shared { get; init; } = [true];

    /// <summary>The number T of passes; 100 by default.</summary>
    public int Passes { get; init; } = 100;

    /// <summary>How many hidden layers the network has; 2 by default.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>How many inputs the network has; 784 by default, those of MNIST.</summary>
    public int Inputs { get; init; } = 784;

    /// <summary>How ours are computed; chosen by the cost model by default.</summary>
    public McExecution Execution { get; init; }

    /// <summary>How many passes run at the same time; 0, by default, leaves it to the cost model.</summary>
    public int Workers { get; init; }

    /// <summary>The most rows that ours computes at once; 0, by default, for what is usual.</summary>
    public int RowsAtOnce { get; init; }

    /// <summary>How many seconds a case is measured; 1.5 by default. Each contender gets at least two turns.</summary>
    public double SecondsPerCase { get; init; } = 1.5;
}
