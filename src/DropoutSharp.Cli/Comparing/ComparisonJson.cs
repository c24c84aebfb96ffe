using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Cli.Comparing;

/// <summary>A comparison as <c>--json</c> writes it.</summary>
/// <param name="Data">What was compared on.</param>
/// <param name="Network">The network.</param>
/// <param name="RankedBy">The score that ranks.</param>
/// <param name="ConfidenceLevel">Of every interval.</param>
/// <param name="Complete">Whether every candidate and seed was trained.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Verdict">The answer; null where the comparison was stopped before it.</param>
/// <param name="Candidates">One entry a variant and rate.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Report">The page.</param>
internal sealed record ComparisonJson(
    DataSummary Data, NetworkSummary Network, string RankedBy, double ConfidenceLevel, bool Complete, double Seconds, Verdict? Verdict,
    IReadOnlyList<ComparisonJson.Candidate> Candidates, string Folder, string Report)
{
    /// <summary>The JSON form of a comparison.</summary>
    /// <param name="result">The comparison.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="report">The page.</param>
    public static ComparisonJson Of(ComparisonResult result, string folder, string report) => new(
        result.Data, result.Network, result.RankedBy, result.ConfidenceLevel, result.Complete, result.Seconds, result.Verdict,
        [.. result.Candidates.Select(static each => new Candidate(
            each.Variant, each.Name, each.DropRate, each.IsChosenRate, [.. each.Trials.Select(static trial => trial.Seed)],
            each.Scores, each.LearnedRates, each.TrainingSeconds, each.AgainstNone, each.AgainstNoneOverRows))],
        folder, report);

    /// <summary>A variant at a rate.</summary>
    /// <param name="Variant">The identifier.</param>
    /// <param name="Name">The name for people.</param>
    /// <param name="DropRate">In [0, 1).</param>
    /// <param name="IsChosenRate">Whether validation chose this rate for its variant.</param>
    /// <param name="Seeds">The seeds that were trained.</param>
    /// <param name="Scores">Every score's mean and interval.</param>
    /// <param name="LearnedRates">The drop rates that were learned; empty where they are not.</param>
    /// <param name="TrainingSeconds">Of one seed.</param>
    /// <param name="AgainstNone">The paired test over seeds.</param>
    /// <param name="AgainstNoneOverRows">The paired test over the held-out rows.</param>
    internal sealed record Candidate(
        string Variant, string Name, double DropRate, bool IsChosenRate, IReadOnlyList<ulong> Seeds,
        IReadOnlyDictionary<string, ScoreSummary> Scores, IReadOnlyList<LearnedRateSummary> LearnedRates, ScoreSummary TrainingSeconds, PairedTest? AgainstNone, PairedTest? AgainstNoneOverRows);
}
