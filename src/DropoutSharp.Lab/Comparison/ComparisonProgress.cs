namespace DropoutSharp.Lab.Comparison;

/// <summary>Where a comparison stands: reported after every epoch, and once more when a training has been judged.</summary>
/// <remarks>Several trainings run at the same time, so that reports of different candidates and seeds interleave; two reports never overlap.</remarks>
public sealed record ComparisonProgress
{
    /// <summary>The variant's identifier.</summary>
    public required string Variant { get; init; }

    /// <summary>The variant's name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The drop rate.</summary>
    public required double DropRate { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The epoch that has just ended.</summary>
    public required EpochMetrics Epoch { get; init; }

    /// <summary>How many epochs this training has at most.</summary>
    public required int Epochs { get; init; }

    /// <summary>What the training found, once it has been judged; null before.</summary>
    public TrialResult? Trial { get; init; }

    /// <summary>How many trainings have been judged, with those of before a resume.</summary>
    public required int FinishedTrials { get; init; }

    /// <summary>How many trainings there are.</summary>
    public required int Trials { get; init; }

    /// <summary>The share of the work that is done, in [0, 1].</summary>
    public required double Done { get; init; }

    /// <summary>The time left, estimated from the time that the work since the start took; null while there is nothing to go by.</summary>
    public required TimeSpan? Remaining { get; init; }
}
