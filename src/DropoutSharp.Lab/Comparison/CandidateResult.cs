namespace DropoutSharp.Lab.Comparison;

/// <summary>A variant at a rate, over all seeds.</summary>
public sealed record CandidateResult
{
    /// <summary>The variant's identifier as on the command line, such as <c>dropout</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>The variant's name for people, such as <c>Dropout</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The drop rate, in [0, 1).</summary>
    public required double DropRate { get; init; }

    /// <summary>Whether this is the rate that the validation rows chose for its variant; true for "none".</summary>
    public bool IsChosenRate { get; init; }

    /// <summary>One a seed that was trained.</summary>
    public required IReadOnlyList<TrialResult> Trials { get; init; }

    /// <summary>Every score's mean and interval over the seeds, by name; Monte-Carlo ones are prefixed with <c>mc_</c>.</summary>
    /// <remarks>
    /// Classification: <c>accuracy, nll, brier, ece</c>; regression: <c>rmse, nll, crps, ece</c> (of central intervals). In the target's
    /// own unit. On the test rows; <c>validation_</c> before a name marks the score on the validation rows.
    /// </remarks>
    public required IReadOnlyDictionary<string, ScoreSummary> Scores { get; init; }

    /// <summary>The drop rates that were learned, over the seeds; empty where they are not.</summary>
    public IReadOnlyList<LearnedRateSummary> LearnedRates { get; init; } = [];

    /// <summary>Training time of one seed, in seconds.</summary>
    public required ScoreSummary TrainingSeconds { get; init; }

    /// <summary>The paired comparison with "none" over seeds; null for "none" itself and where fewer than two seeds are there.</summary>
    public required PairedTest? AgainstNone { get; init; }

    /// <summary>
    /// The paired comparison with "none" over the test rows, each row's losses averaged over seeds: what other rows of the same kind could
    /// have shown. Uncorrected; null for "none" itself and for a score that no row has a share of.
    /// </summary>
    public PairedTest? AgainstNoneOverRows { get; init; }
}
