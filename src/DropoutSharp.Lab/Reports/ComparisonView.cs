using System.Globalization;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports;

/// <summary>What a table or a report asks of a comparison: who is recommended, how candidates are called, and how they stand.</summary>
public sealed class ComparisonView
{
    private const string NoneIdentifier = "none";
    private readonly Dictionary<string, ScoreFormat> _formats = [];

    /// <summary>A view of a comparison.</summary>
    /// <param name="result">The comparison, complete or not.</param>
    public ComparisonView(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
        Trained = [.. result.Candidates.Where(static candidate => candidate.Trials.Count > 0 && candidate.Scores.Count > 0)];
        RankedBy = Describe(result.RankedBy);
        None = Trained.FirstOrDefault(static candidate => candidate.Variant == NoneIdentifier);
        Recommended = result.Verdict is { } verdict
            ? Trained.FirstOrDefault(candidate => candidate.Variant == verdict.Variant && (candidate.Variant == NoneIdentifier || candidate.DropRate == verdict.DropRate))
            : null;
        BestWithDropout = FindBestWithDropout();
        Featured = Recommended is { Variant: not NoneIdentifier } ? Recommended : BestWithDropout;
    }

    /// <summary>The comparison.</summary>
    public ComparisonResult Result { get; }

    /// <summary>The candidates of which at least one seed was trained.</summary>
    public IReadOnlyList<CandidateResult> Trained { get; }

    /// <summary>The score that ranks.</summary>
    public ScoreDescription RankedBy { get; }

    /// <summary>The network without dropout; null where it was not trained.</summary>
    public CandidateResult? None { get; }

    /// <summary>What the verdict recommends, which can be <see cref="None"/>; null without a verdict.</summary>
    public CandidateResult? Recommended { get; }

    /// <summary>The candidate with dropout whose ranked score is best on the validation rows; null where there is none.</summary>
    public CandidateResult? BestWithDropout { get; }

    /// <summary>The candidate to show beside <see cref="None"/>: the recommended one, or the best with dropout where none is recommended.</summary>
    public CandidateResult? Featured { get; }

    /// <summary>Whether the task is classification.</summary>
    public bool IsClassification => Result.Data.Task == "classification";

    /// <summary>The scores of plain evaluation that any candidate has, without prefixes, in the order in which they are shown.</summary>
    public IReadOnlyList<string> BaseScores => [.. Trained
        .SelectMany(static candidate => candidate.Scores.Keys)
        .Where(static name => ScoreDescription.Of(name) is { IsMonteCarlo: false, IsValidation: false })
        .Distinct()
        .OrderBy(static name => ScoreDescription.Order.ToList().IndexOf(name) is >= 0 and int place ? place : int.MaxValue)];

    /// <summary>A score's description, with the target's unit where it is in that unit.</summary>
    /// <param name="score">The identifier.</param>
    public ScoreDescription Describe(string score) => ScoreDescription.Of(score, Result.Data.Target);

    /// <summary>What a candidate is called: <c>Dropout 0.5</c>, or <c>none</c>.</summary>
    /// <param name="candidate">The candidate.</param>
    public static string Label(CandidateResult candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate.Variant == NoneIdentifier ? NoneIdentifier : $"{candidate.Name} {Rate(candidate.DropRate)}";
    }

    /// <summary>A drop rate as a person writes it.</summary>
    /// <param name="dropRate">The rate.</param>
    public static string Rate(double dropRate) => dropRate.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>How the values of a score are written, the same for all candidates and for the Monte-Carlo form.</summary>
    /// <param name="score">The identifier.</param>
    public ScoreFormat Format(string score)
    {
        string name = Describe(score).BaseName;
        if (!_formats.TryGetValue(name, out ScoreFormat format))
        {
            format = ScoreFormat.For(Describe(name), Trained
                .SelectMany(static candidate => candidate.Scores)
                .Where(pair => Describe(pair.Key) is { IsValidation: false } each && each.BaseName == name)
                .Select(static pair => pair.Value));
            _formats.Add(name, format);
        }

        return format;
    }

    /// <summary>The candidate with the best mean of a score; null where no candidate has it.</summary>
    /// <param name="score">The identifier.</param>
    public CandidateResult? Best(string score)
    {
        IEnumerable<CandidateResult> having = Trained.Where(candidate => candidate.Scores.TryGetValue(score, out ScoreSummary? summary) && double.IsFinite(summary.Mean));
        return Describe(score).HigherIsBetter
            ? having.MaxBy(candidate => candidate.Scores[score].Mean)
            : having.MinBy(candidate => candidate.Scores[score].Mean);
    }

    /// <summary>How a candidate stands against the network without dropout.</summary>
    /// <param name="candidate">The candidate.</param>
    public Standing StandingOf(CandidateResult candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.AgainstNone is not { } test || !double.IsFinite(test.CorrectedPValue))
        {
            return Standing.NotTested;
        }

        if (test.CorrectedPValue >= 1 - Result.ConfidenceLevel)
        {
            return Standing.Unclear;
        }

        return Describe(test.Score).IsImprovement(test.MeanDifference) ? Standing.Better : Standing.Worse;
    }

    private CandidateResult? FindBestWithDropout()
    {
        string onValidation = ScoreDescription.ValidationPrefix + Result.RankedBy;
        string score = Trained.Any(candidate => candidate.Scores.ContainsKey(onValidation)) ? onValidation : Result.RankedBy;
        CandidateResult[] withDropout = [.. Trained.Where(candidate =>
            candidate.Variant != NoneIdentifier && candidate.Scores.TryGetValue(score, out ScoreSummary? summary) && double.IsFinite(summary.Mean))];
        CandidateResult[] chosen = [.. withDropout.Where(static candidate => candidate.IsChosenRate)];
        IEnumerable<CandidateResult> candidates = chosen.Length > 0 ? chosen : withDropout;
        return RankedBy.HigherIsBetter
            ? candidates.MaxBy(candidate => candidate.Scores[score].Mean)
            : candidates.MinBy(candidate => candidate.Scores[score].Mean);
    }
}
