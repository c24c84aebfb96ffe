namespace DropoutSharp.Lab.Comparison;

/// <summary>One training of one candidate.</summary>
public sealed record TrialResult
{
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Training time, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The epoch whose weights were kept, counted from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>One an epoch.</summary>
    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>Every score by name, as in <see cref="CandidateResult.Scores"/>.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The drop rates of the kept weights, where they are learned; empty otherwise.</summary>
    public IReadOnlyList<LearnedRate> LearnedRates { get; init; } = [];

    /// <summary>The reliability diagram of plain evaluation.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The reliability diagram of the Monte-Carlo mean; empty where the candidate has no dropout.</summary>
    public required IReadOnlyList<ReliabilityBin> MonteCarloReliability { get; init; }
}
