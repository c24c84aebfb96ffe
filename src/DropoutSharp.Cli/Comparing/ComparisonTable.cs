using System.Globalization;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Comparing;

/// <summary>A comparison as a table on the terminal.</summary>
internal static class ComparisonTable
{
    /// <summary>Writes the table and what its marks mean.</summary>
    /// <param name="view">The comparison.</param>
    /// <param name="output">Where to.</param>
    /// <param name="width">In characters.</param>
    public static void Write(ComparisonView view, TextWriter output, int width)
    {
        string ranked = view.RankedBy.BaseName;
        string known = view.BaseScores.FirstOrDefault(score => score != ranked) ?? ranked;
        string[] scores = [known, ranked, ScoreDescription.MonteCarloPrefix + ranked, ScoreDescription.MonteCarloPrefix + known, "ece", "mc_ece", .. view.BaseScores];
        scores = [.. scores.Distinct().Where(score => view.Best(score) is not null)];
        TextTable table = new(
        [
            new("Variant", IsNumber: false), new("Rate"), new("Against none", IsNumber: false, Importance: 1),
            .. scores.Select((score, i) => new TextTable.Column(Title(view.Describe(score)), Importance: i < 2 ? 0 : i)),
            new("Training", Importance: 20),
        ]);
        foreach (CandidateResult candidate in view.Trained)
        {
            table.Add(
            [
                $"{(candidate == view.Recommended ? '►' : ' ')} {candidate.Name}",
                candidate == view.None ? string.Empty : ComparisonView.Rate(candidate.DropRate) + (candidate.IsChosenRate ? "*" : " "),
                Against(view, candidate),
                .. scores.Select(score => Cell(view, candidate, score)),
                ReportText.Seconds(candidate.TrainingSeconds.Mean),
            ]);
        }

        table.Write(output, width);
        foreach (string line in Screen.Wrap(Legend(view), width))
        {
            output.WriteLine(line);
        }
    }

    private static string Title(ScoreDescription score) =>
        $"{(score.IsMonteCarlo ? "MC " : string.Empty)}{score.Label}{(score.Unit == "%" ? " %" : string.Empty)}";

    private static string Cell(ComparisonView view, CandidateResult candidate, string score)
    {
        if (!candidate.Scores.TryGetValue(score, out ScoreSummary? summary))
        {
            return "–";
        }

        ScoreFormat format = view.Format(score);
        return string.Join(' ', new[] { format.Value(summary.Mean), format.HalfWidth(summary) }.Where(static part => part.Length > 0));
    }

    private static string Against(ComparisonView view, CandidateResult candidate) => candidate.AgainstNone is not { } test ? string.Empty
        : view.StandingOf(candidate) switch
        {
            Standing.Better => "better",
            Standing.Worse => "worse",
            _ => "unclear",
        } + (test.CorrectedPValue < 0.001 ? " (p<.001)" : $" (p={test.CorrectedPValue.ToString(".000", CultureInfo.InvariantCulture)})");

    private static string Legend(ComparisonView view)
    {
        string[] parts =
        [
            view.Recommended is not null ? "► recommended" : string.Empty,
            view.Trained.Any(static candidate => candidate.IsChosenRate && candidate.DropRate > 0) ? "* the rate that validation chose" : string.Empty,
            view.Trained.Any(static candidate => candidate.Trials.Count > 1) ? $"± half of the {ReportText.Percent(view.Result.ConfidenceLevel)} interval over seeds" : string.Empty,
            view.Trained.Any(static candidate => candidate.AgainstNone is not null) ? $"p: corrected, of {view.RankedBy.FullLabel}" : string.Empty,
            view.Trained.Any(static candidate => candidate.Scores.Keys.Any(static score => ScoreDescription.Of(score).IsMonteCarlo)) ? "MC: Monte-Carlo mean" : string.Empty,
        ];
        parts = [.. parts.Where(static part => part.Length > 0)];
        return parts.Length == 0 ? string.Empty : string.Join("; ", parts) + ".";
    }
}
