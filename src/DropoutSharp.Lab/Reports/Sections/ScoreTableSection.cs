using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>Every candidate with every score.</summary>
internal static class ScoreTableSection
{
    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        if (view.Trained.Count == 0)
        {
            return Html.Empty;
        }

        Column[] columns = [.. view.BaseScores.SelectMany(score => new Column[]
        {
            new(score, score, view),
            new(ScoreDescription.MonteCarloPrefix + score, score, view),
        }).Where(static column => column.Best is not null)];
        IEnumerable<Html> groups = columns.GroupBy(static column => column.BaseName).Select(group => Html.Of(
            $"<th scope=\"colgroup\" colspan=\"{group.Count()}\" class=\"group\" title=\"{view.Describe(group.Key).LongLabel}\">{Heading(view.Describe(group.Key))}</th>"));
        IEnumerable<Html> forms = columns.Select(static column => Html.Of(
            $"<th scope=\"col\" class=\"number{(column.IsFirst ? " group" : "")}\">{(column.IsMonteCarlo ? "MC" : "plain")}</th>"));
        IEnumerable<Html> rows = view.Trained.Select(candidate => Row(view, candidate, columns));
        CandidateResult[] untrained = [.. view.Result.Candidates.Except(view.Trained)];
        Html missing = untrained.Length == 0 ? Html.Empty
            : Html.Of($"<p class=\"note\">Not trained yet: {string.Join(", ", untrained.Select(ComparisonView.Label))}.</p>");
        return Html.Of($"""
            <section id="candidates"><h2>All candidates</h2>
            <p>Scores on {ReportText.Count(view.Result.Data.TestRows, "held-out row")}. {Reading(view)}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Scores of all candidates"><table class="scores">
            <thead><tr><th scope="col" rowspan="2" class="sticky">Variant</th><th scope="col" rowspan="2" class="number">Drop rate</th><th scope="col" rowspan="2">Against none</th>{groups}<th scope="col" rowspan="2" class="number group">Training</th></tr>
            <tr>{forms}</tr></thead>
            <tbody>
            {rows}</tbody></table></div>
            {missing}</section>

            """);
    }

    private static string Heading(ScoreDescription score) =>
        $"{score.Label}{(score.Unit is "%" or "nats" ? $" ({score.Unit})" : string.Empty)} {(score.HigherIsBetter ? "↑" : "↓")}";

    private static string Reading(ComparisonView view)
    {
        string intervals = view.Trained.Any(static candidate => candidate.Trials.Count > 1)
            ? $"± is half of the {ReportText.Percent(view.Result.ConfidenceLevel)} confidence interval of the mean over seeds. "
            : "One seed was trained: how much the scores vary from seed to seed, and so whether a difference is one, is not known. ";
        return intervals + "↑ more is better, ↓ less is better; the best of a column is bold. “Plain” switches dropout off, “MC” is the Monte-Carlo mean: predictions with dropout on, averaged."
            + (view.Trained.Any(candidate => candidate.IsChosenRate && candidate != view.None) ? " * marks the rate that the validation rows chose for its variant." : string.Empty);
    }

    private static Html Row(ComparisonView view, CandidateResult candidate, IReadOnlyList<Column> columns)
    {
        bool recommended = candidate == view.Recommended;
        bool isNone = candidate == view.None;
        Html mark = recommended ? Html.Of($" <span class=\"badge\">recommended</span>") : Html.Empty;
        IEnumerable<Html> cells = columns.Select(column => Cell(view, candidate, column));
        return Html.Of($"""
            <tr{Html.Trusted(recommended ? " class=\"recommended\"" : "")}><th scope="row" class="sticky">{candidate.Name}{mark}</th><td class="number">{(isNone ? "–" : ComparisonView.Rate(candidate.DropRate))}{(candidate.IsChosenRate && !isNone ? Html.Of($"<abbr title=\"The rate that the validation rows chose\">*</abbr>") : Html.Empty)}</td><td>{Against(view, candidate)}</td>{cells}<td class="number group">{ReportText.Seconds(candidate.TrainingSeconds.Mean)}</td></tr>

            """);
    }

    private static Html Against(ComparisonView view, CandidateResult candidate)
    {
        if (candidate.AgainstNone is not { } test)
        {
            return Html.Of($"<span class=\"muted\">–</span>");
        }

        (string mark, string style) = view.StandingOf(candidate) switch
        {
            Standing.Better => ("▲ better", "good"),
            Standing.Worse => ("▼ worse", "bad"),
            _ => ("≈ unclear", "muted"),
        };
        ScoreFormat format = view.Format(test.Score);
        string p = test.CorrectedPValue < 0.001 ? "p < 0.001" : $"p = {test.CorrectedPValue.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture)}";
        return Html.Of($"<span class=\"{style}\">{mark}</span> <small>{format.Difference(test.MeanDifference)} {view.Describe(test.Score).Label}, {p}</small>");
    }

    private static Html Cell(ComparisonView view, CandidateResult candidate, Column column)
    {
        string group = column.IsFirst ? " group" : string.Empty;
        if (!candidate.Scores.TryGetValue(column.Name, out ScoreSummary? summary))
        {
            return Html.Of($"<td class=\"number muted{group}\">–</td>");
        }

        ScoreFormat format = view.Format(column.Name);
        string best = candidate == column.Best ? " best" : string.Empty;
        return Html.Of($"<td class=\"number{best}{group}\">{format.Value(summary.Mean)} <small>{format.HalfWidth(summary)}</small></td>");
    }

    private sealed record Column(string Name, string BaseName, ComparisonView View)
    {
        public bool IsMonteCarlo { get; } = Name != BaseName;

        public bool IsFirst => !IsMonteCarlo;

        public CandidateResult? Best { get; } = View.Best(Name);
    }
}
