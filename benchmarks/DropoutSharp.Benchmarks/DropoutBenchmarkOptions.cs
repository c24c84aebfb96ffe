namespace DropoutSharp.Benchmarks;

/// <summary>Which cases of dropout are measured, and how long.</summary>
public sealed record DropoutBenchmarkOptions
{
    /// <summary>How many elements a tensor has, case by case; 2¹² to 2²⁴ by default.</summary>
    public IReadOnlyList<long> Elements { get; init; } = [.. Enumerable.Range(0, 7).Select(static i => 1L << (12 + (2 * i)))];

    /// <summary>How many threads may work, case by case; 1 and 2 by default.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>The keep probabilities, case by case; 0.5 and 0.8 by default: without ties and with them.</summary>
    public IReadOnlyList<double> KeepProbabilities { get; init; } = [0.5, 0.8];

    /// <summary>How many seconds a case is measured; 1.5 by default. Each contender gets at least five samples.</summary>
    public double SecondsPerCase { get; init; } = 1.5;
}
