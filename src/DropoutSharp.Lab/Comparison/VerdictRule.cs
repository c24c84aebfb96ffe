using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>The rule by which a comparison's answer is found; fixed here, before any data are seen.</summary>
/// <remarks>
/// <para>Of each variant only the rate that the validation rows chose counts. A variant <i>helps</i> where the paired t-test over seeds on the test
/// rows, corrected for the number of variants, finds a gain in the ranked score at the comparison's level.</para>
/// <para>Where several help, the one with the best ranked score on the validation rows is recommended. Where none helps, no dropout is recommended.
/// The test rows decide whether something helps, never which of several is named.</para>
/// <para>Seeds say what another training on these rows would give. Whether other rows would show the same is a second question: where the interval
/// over the test rows holds 0, the sentence says so.</para>
/// </remarks>
internal sealed class VerdictRule(Scoring scoring, double level)
{
    private const int FewSeeds = 5;

    public Verdict Decide(IReadOnlyList<CandidateResult> candidates)
    {
        CandidateResult none = candidates.First(candidate => candidate.Variant == VariantCatalog.None.Id);
        CandidateResult[] chosen = [.. candidates.Where(candidate => candidate.IsChosenRate && candidate != none).OrderBy(ValidationBadness)];
        if (chosen.Length == 0)
        {
            return Nothing($"Nothing was compared with no dropout, whose held-out {ScoreText.Name(scoring)} is {Text(none, none)}.");
        }

        return none.Trials.Count < 2 ? Undecided(none, chosen[0])
            : chosen.FirstOrDefault(Helps) is { } best ? Helpful(none, best)
            : Unhelpful(none, chosen);
    }

    private Verdict Helpful(CandidateResult none, CandidateResult best)
    {
        PairedTest test = best.AgainstNone!;
        string sentence =
            $"Use {Label(best)}: held-out {ScoreText.Name(scoring)} {Moves(none, best)} ({Uncertainty(test)}); {Companion(none, best)}."
            + SampledText(best) + SeedsText(none) + RowsText(best);
        return new Verdict(sentence, best.Variant, best.DropRate, true);
    }

    private Verdict Unhelpful(CandidateResult none, CandidateResult[] chosen)
    {
        CandidateResult best = chosen[0];
        PairedTest test = best.AgainstNone!;
        bool harms = chosen.All(candidate => candidate.AgainstNone is { } against
            && against.CorrectedPValue < 1 - level && !scoring.IsGain(against.MeanDifference));
        string opening = harms ? "Use no dropout: every variant makes it worse." : "Nothing helped beyond doubt: stay without dropout.";
        string sentence =
            $"{opening} The best by validation, {Label(best)}: held-out {ScoreText.Name(scoring)} {Moves(none, best)} ({Uncertainty(test)});"
            + $" {Companion(none, best)}.{SeedsText(none)}";
        return Nothing(sentence);
    }

    private Verdict Undecided(CandidateResult none, CandidateResult best) => Nothing(
        $"One seed cannot tell a gain from luck: {Label(best)} looks best by validation, with held-out {ScoreText.Name(scoring)} {Text(best, none)}"
        + $" against {Text(none, best)} without dropout; {Companion(none, best)}. Compare over more seeds.");

    private bool Helps(CandidateResult candidate) =>
        candidate.AgainstNone is { } test && scoring.IsGain(test.MeanDifference) && test.CorrectedPValue < 1 - level;

    private double ValidationBadness(CandidateResult candidate) =>
        scoring.Badness(candidate.Trials.Sum(scoring.OnValidation) / candidate.Trials.Count);

    private string Moves(CandidateResult none, CandidateResult candidate)
    {
        double difference = candidate.AgainstNone!.MeanDifference;
        string verb = difference < 0 ? "falls" : difference > 0 ? "rises" : "stays";
        return $"{verb} from {Text(none, candidate)} to {Text(candidate, none)}";
    }

    private string Uncertainty(PairedTest test) =>
        $"{ScoreText.Level(level)} interval of the difference {ScoreText.Interval(scoring.PlainScore, test.Low, test.High)}, corrected {ScoreText.Probability(test.CorrectedPValue)}";

    /// <summary>The score that people know best beside the ranked one.</summary>
    private string Companion(CandidateResult none, CandidateResult candidate)
    {
        string known = none.Scores.ContainsKey(ScoreNames.Accuracy) ? ScoreNames.Accuracy : ScoreNames.RootMeanSquaredError;
        string name = scoring.PlainScore == known ? ScoreNames.NegativeLogLikelihood : known;
        (double from, double to) = (none.Scores[name].Mean, candidate.Scores[name].Mean);
        return $"{ScoreText.Name(new Scoring(name))} {ScoreText.Value(name, from, to)} → {ScoreText.Value(name, to, from)}";
    }

    private string SampledText(CandidateResult candidate) =>
        !scoring.IsMonteCarlo && candidate.Scores.TryGetValue(ScoreNames.MonteCarlo + scoring.Score, out ScoreSummary? sampled)
            ? $" With the mean of Monte-Carlo passes it is {ScoreText.Value(scoring.PlainScore, sampled.Mean)}."
            : "";

    private static string SeedsText(CandidateResult none) =>
        none.Trials.Count < FewSeeds ? $" That is from {none.Trials.Count} seeds: more would make it surer." : "";

    private string RowsText(CandidateResult candidate) =>
        candidate.AgainstNoneOverRows is { } rows && rows.Low <= 0 && rows.High >= 0
            ? $" The gain is sure for these test rows only: they are too few to promise it for others (interval over rows {ScoreText.Interval(scoring.PlainScore, rows.Low, rows.High)})."
            : "";

    private string Text(CandidateResult candidate, CandidateResult against) => ScoreText.Value(scoring.PlainScore, Mean(candidate), Mean(against));

    private double Mean(CandidateResult candidate) => candidate.Trials.Sum(scoring.OnTest) / candidate.Trials.Count;

    private static string Label(CandidateResult candidate) => $"{candidate.Name} at rate {ScoreText.Rate(candidate.DropRate)}";

    private static Verdict Nothing(string sentence) => new(sentence, VariantCatalog.None.Id, 0, false);
}
