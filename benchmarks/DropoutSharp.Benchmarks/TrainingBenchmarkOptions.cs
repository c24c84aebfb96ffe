namespace DropoutSharp.Benchmarks;

/// <summary>Which training steps are measured, and how long.</summary>
public sealed record TrainingBenchmarkOptions
{
    /// <summary>Hidden units a layer, case by case; 256, 1,024 and 2,048 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [256, 1024, 2048];

    /// <summary>Rows a batch, case by case; 32, 128 and 512 by default.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [32, 128, 512];

    /// <summary>Drop rates, case by case; 0.2, 0.5 and 0.8 by default.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.2, 0.5, 0.8];

    /// <summary>The optimisers, case by case; plain gradient descent by default.</summary>
    public IReadOnlyList<TrainingBenchmarkOptimizer> Optimizers { get; init; } = [TrainingBenchmarkOptimizer.Sgd];

    /// <summary>Into how many groups a batch is cut, each with masks of its own; 1 by default.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>How many hidden layers the network has; 3 by default.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>How many inputs the network has; 784 by default, those of MNIST.</summary>
    public int Inputs { get; init; } = 784;

    /// <summary>How many seconds a case is measured; 1.5 by default. Each contender gets at least five samples.</summary>
    public double SecondsPerCase { get; init; } = 1.5;

    /// <summary>Whether TorchSharp's own optimisers step every network: they need whole gradients, zeros and all.</summary>
    public bool HasWholeGradients { get; init; }

    /// <summary>Whether layers are thinned wherever it can be done instead of where it is expected to be faster.</summary>
    public bool Always { get; init; }
}
