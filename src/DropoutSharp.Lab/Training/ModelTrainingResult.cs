using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Training;

/// <summary>A model that was trained, and how it did.</summary>
public sealed record ModelTrainingResult
{
    /// <summary>The variant's identifier.</summary>
    public required string Variant { get; init; }

    /// <summary>The variant's name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The drop rate; 0 for "none".</summary>
    public required double DropRate { get; init; }

    /// <summary>The network.</summary>
    public required NetworkSummary Network { get; init; }

    /// <summary>The epoch whose weights were kept, counted from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>One an epoch.</summary>
    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>The drop rates of the kept weights, where they are learned; empty otherwise.</summary>
    public IReadOnlyList<LearnedRate> LearnedRates { get; init; } = [];

    /// <summary>Training time, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the training came to its own end; false where it was cancelled and the best epoch until then was kept.</summary>
    public required bool Complete { get; init; }

    /// <summary>Every score by name, as in <see cref="CandidateResult.Scores"/>.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }
}
