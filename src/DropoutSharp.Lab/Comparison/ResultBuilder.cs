using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Turns finished trainings into what a comparison reports: summaries, the choice of rates, tests and their correction.</summary>
internal sealed class ResultBuilder(ComparisonOptions options, Scoring scoring)
{
    /// <summary>Every candidate that has a finished training, with its summaries and tests.</summary>
    /// <param name="records">The finished trainings of each candidate, "none" first, each by seed.</param>
    public IReadOnlyList<CandidateResult> Build(IReadOnlyList<(Candidate Candidate, IReadOnlyList<TrialRecord> Records)> records)
    {
        IReadOnlyList<TrialRecord> none = records.First(entry => entry.Candidate.Variant.IsNone).Records;
        List<CandidateResult> candidates =
            [.. records.Where(entry => entry.Records.Count > 0).Select(entry => Summarise(entry.Candidate, entry.Records, none))];
        MarkChosen(candidates);
        Correct(candidates);
        return candidates;
    }

    private CandidateResult Summarise(Candidate candidate, IReadOnlyList<TrialRecord> records, IReadOnlyList<TrialRecord> none)
    {
        TrialResult[] trials = [.. records.Select(record => record.Result)];
        bool isNone = candidate.Variant.IsNone;
        return new CandidateResult
        {
            Variant = candidate.Variant.Id,
            Name = candidate.Variant.Name,
            DropRate = candidate.DropRate,
            IsChosenRate = isNone,
            Trials = trials,
            Scores = trials[0].Scores.Keys.ToDictionary(
                name => name, name => Summary([.. trials.Select(trial => trial.Scores[name])])),
            LearnedRates =
            [
                .. trials[0].LearnedRates.Select((rate, site) =>
                    new LearnedRateSummary(rate.Site, Summary([.. trials.Select(trial => trial.LearnedRates[site].DropRate)]))),
            ],
            TrainingSeconds = Summary([.. trials.Select(trial => trial.Seconds)]),
            AgainstNone = isNone
                ? null
                : PairedTests.OverSeeds(trials, [.. none.Select(record => record.Result)], scoring, options.ConfidenceLevel),
            AgainstNoneOverRows = isNone ? null : PairedTests.OverRows(records, none, scoring, options.ConfidenceLevel),
        };
    }

    private ScoreSummary Summary(double[] values) => StudentInterval.Of(values, options.ConfidenceLevel).ToSummary();

    /// <summary>Marks each variant's rate: the best mean of the ranked score on the validation rows, the lower rate where two are equal.</summary>
    private void MarkChosen(List<CandidateResult> candidates)
    {
        foreach (IGrouping<string, CandidateResult> variant in candidates.Where(IsDropout).GroupBy(candidate => candidate.Variant).ToArray())
        {
            int most = variant.Max(candidate => candidate.Trials.Count);
            CandidateResult best = variant.Where(candidate => candidate.Trials.Count == most).MinBy(ValidationBadness)!;
            candidates[candidates.IndexOf(best)] = best with { IsChosenRate = true };
        }
    }

    /// <summary>Corrects the tests of the chosen rates for the number of variants, and those of the other rates for the number of candidates.</summary>
    private static void Correct(List<CandidateResult> candidates)
    {
        int[] tested = [.. Enumerable.Range(0, candidates.Count).Where(i => candidates[i].AgainstNone is not null)];
        int[] chosen = [.. tested.Where(i => candidates[i].IsChosenRate)];
        double[] amongAll = HolmCorrection.Correct([.. tested.Select(PValue)]);
        double[] amongChosen = HolmCorrection.Correct([.. chosen.Select(PValue)]);
        for (int k = 0; k < tested.Length; k++)
        {
            SetCorrected(tested[k], amongAll[k]);
        }

        for (int k = 0; k < chosen.Length; k++)
        {
            SetCorrected(chosen[k], amongChosen[k]);
        }

        double PValue(int i) => candidates[i].AgainstNone!.PValue;

        void SetCorrected(int i, double value) =>
            candidates[i] = candidates[i] with { AgainstNone = candidates[i].AgainstNone! with { CorrectedPValue = value } };
    }

    private double ValidationBadness(CandidateResult candidate) =>
        scoring.Badness(candidate.Trials.Sum(scoring.OnValidation) / candidate.Trials.Count);

    private static bool IsDropout(CandidateResult candidate) => candidate.Variant != VariantCatalog.None.Id;
}
