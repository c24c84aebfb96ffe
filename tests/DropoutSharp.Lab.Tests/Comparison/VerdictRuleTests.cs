using System.Runtime.InteropServices;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Comparison;

/// <summary>The rule on results that are made up, so that the right answer is known.</summary>
public sealed class VerdictRuleTests
{
    private static readonly double[] None = [0.130, 0.134, 0.127, 0.132, 0.131];

    [Fact]
    public void Decide_ClearGain_NamesVariantRateAndNumbers()
    {
        Verdict verdict = Decide(None, ("dropout", 0.2, [0.110, 0.113, 0.108, 0.111, 0.112], 0.12), ("dropout", 0.4, [0.097, 0.101, 0.095, 0.099, 0.098], 0.10));
        Assert.Equal(("dropout", 0.4, true), (verdict.Variant, verdict.DropRate, verdict.Helps));
        Assert.StartsWith("Use Dropout at rate 0.4: held-out NLL falls from 0.131 to 0.098 (95 % interval of the difference -0.03", verdict.Sentence, StringComparison.Ordinal);
        Assert.Contains("corrected p < 0.001", verdict.Sentence, StringComparison.Ordinal);
        Assert.Contains("accuracy 90.0 % → 91.0 %", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_DifferenceWithinNoise_StaysWithoutDropout()
    {
        Verdict verdict = Decide(None, ("dropout", 0.2, [0.133, 0.129, 0.131, 0.128, 0.130], 0.12));
        Assert.Equal(("none", 0, false), (verdict.Variant, verdict.DropRate, verdict.Helps));
        Assert.StartsWith("Nothing helped beyond doubt", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_EverythingWorse_SaysSo()
    {
        Verdict verdict = Decide(None, ("dropout", 0.2, [0.150, 0.153, 0.148, 0.151, 0.152], 0.12), ("gaussian", 0.2, [0.160, 0.163, 0.158, 0.161, 0.162], 0.13));
        Assert.Equal(("none", false), (verdict.Variant, verdict.Helps));
        Assert.StartsWith("Use no dropout: every variant makes it worse.", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_SeveralHelp_NamesTheBestOnValidationNotOnTest()
    {
        Verdict verdict = Decide(
            None,
            ("dropout", 0.2, [0.110, 0.113, 0.108, 0.111, 0.112], 0.10),
            ("gaussian", 0.2, [0.090, 0.093, 0.088, 0.091, 0.092], 0.11));
        Assert.Equal("dropout", verdict.Variant);
    }

    [Fact]
    public void Decide_RateThatOnlyTheTestRowsLike_IsNotChosen()
    {
        Verdict verdict = Decide(None, ("dropout", 0.2, None, 0.10), ("dropout", 0.4, [0.090, 0.093, 0.088, 0.091, 0.092], 0.11));
        Assert.Equal(("none", false), (verdict.Variant, verdict.Helps));
    }

    [Fact]
    public void Decide_ManyVariants_AreCorrectedFor()
    {
        // p = 0.03 alone is a finding; the best of four is none.
        double[] doubtful = [0.125, 0.132, 0.123, 0.130, 0.124];
        Assert.True(Decide(None, ("dropout", 0.2, doubtful, 0.1)).Helps);
        Assert.False(Decide(
            None, ("dropout", 0.2, doubtful, 0.1), ("gaussian", 0.2, None, 0.1), ("third", 0.2, None, 0.1), ("fourth", 0.2, None, 0.1)).Helps);
    }

    [Fact]
    public void Decide_OneSeed_CannotTell()
    {
        Verdict verdict = Decide([0.13], ("dropout", 0.2, [0.05], 0.1));
        Assert.Equal(("none", false), (verdict.Variant, verdict.Helps));
        Assert.StartsWith("One seed cannot tell a gain from luck", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_FewSeeds_SaysThatMoreWouldHelp() =>
        Assert.Contains("That is from 3 seeds", Decide(None[..3], ("dropout", 0.2, [0.100, 0.104, 0.097], 0.1)).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Decide_GainOfSomeRowsOnly_SaysForWhichRowsItIsSure()
    {
        // The same rows gain in every seed: sure over seeds, but two of eight rows carry it all.
        float[] noneRows = [1, 1, 1, 1, 1, 1, 1, 1], rows = [1.1f, 1.1f, 1.1f, 1.1f, 1.1f, 1.1f, 0.1f, 0.1f];
        Verdict verdict = Decide(noneRows, rows, None, ("dropout", 0.2, [0.110, 0.113, 0.108, 0.111, 0.112], 0.10));
        Assert.True(verdict.Helps);
        Assert.Contains("sure for these test rows only", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NothingCompared_SaysSo() => Assert.StartsWith("Nothing was compared", Decide(None).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Decide_MoreIsBetter_CountsARiseAsAGain()
    {
        Scoring scoring = new(ScoreNames.Accuracy);
        Verdict verdict = Decide(scoring, null, null, [0.90, 0.91, 0.89], ("dropout", 0.2, [0.95, 0.96, 0.94], 0.95));
        Assert.True(verdict.Helps);
        Assert.Contains("rises from 90.0 % to 95.0 %", verdict.Sentence, StringComparison.Ordinal);
    }

    private static Verdict Decide(double[] none, params (string Variant, double Rate, double[] OnTest, double OnValidation)[] candidates) =>
        Decide(new Scoring(ScoreNames.NegativeLogLikelihood), null, null, none, candidates);

    private static Verdict Decide(
        float[] noneRows, float[] rows, double[] none, params (string Variant, double Rate, double[] OnTest, double OnValidation)[] candidates) =>
        Decide(new Scoring(ScoreNames.NegativeLogLikelihood), noneRows, rows, none, candidates);

    private static Verdict Decide(
        Scoring scoring,
        float[]? noneRows,
        float[]? rows,
        double[] none,
        params (string Variant, double Rate, double[] OnTest, double OnValidation)[] candidates)
    {
        ComparisonOptions options = new() { RankedBy = scoring.Score };
        List<(Candidate, IReadOnlyList<TrialRecord>)> records = [(new Candidate(VariantCatalog.None, 0), Records(scoring, none, 0.13, 0.90, noneRows))];
        foreach ((string variant, double rate, double[] onTest, double onValidation) in candidates)
        {
            Variant made = VariantCatalog.None with { Id = variant, Name = char.ToUpperInvariant(variant[0]) + variant[1..] };
            records.Add((new Candidate(made, rate), Records(scoring, onTest, onValidation, 0.91, rows)));
        }

        IReadOnlyList<CandidateResult> results = new ResultBuilder(options, scoring).Build(records);
        return new VerdictRule(scoring, options.ConfidenceLevel).Decide(results);
    }

    private static TrialRecord[] Records(Scoring scoring, double[] onTest, double onValidation, double accuracy, float[]? rows) =>
    [
        .. onTest.Select((score, i) =>
        {
            Dictionary<string, double> scores = new() { [ScoreNames.Accuracy] = accuracy, [ScoreNames.NegativeLogLikelihood] = score };
            scores[scoring.Score] = score;
            scores[ScoreNames.Validation + scoring.Score] = onValidation;
            return new TrialRecord
            {
                Result = new TrialResult
                {
                    Seed = (ulong)i + 1,
                    Seconds = 1,
                    BestEpoch = 1,
                    Epochs = [],
                    Scores = scores,
                    Reliability = [],
                    MonteCarloReliability = [],
                },
                Noise = default,
                RowLossBytes = rows is null ? null : [.. MemoryMarshal.AsBytes<float>(rows)],
            };
        }),
    ];
}
