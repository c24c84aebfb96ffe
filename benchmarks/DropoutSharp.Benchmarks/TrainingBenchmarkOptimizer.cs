namespace DropoutSharp.Benchmarks;

/// <summary>What changes the weights at the end of a measured training step.</summary>
public enum TrainingBenchmarkOptimizer
{
    /// <summary>Plain gradient descent.</summary>
    Sgd,

    /// <summary>Gradient descent with momentum.</summary>
    Momentum,

    /// <summary>Adam.</summary>
    Adam,

    /// <summary>AdamW.</summary>
    AdamW,
}
