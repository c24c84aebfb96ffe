using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>The ranked score against the drop rate, a line a variant, none as a band; where each of many variants has one rate only, the variants beside each other.</summary>
internal static class RateSection
{
    private const int MostLinesInOnePicture = 4;
    private const int MostNamesOnOneAxis = 8;
    private const double Dodge = 5;

    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        Variant[] variants = [.. view.Trained
            .Where(candidate => candidate != view.None && candidate.Scores.ContainsKey(view.Result.RankedBy))
            .GroupBy(static candidate => candidate.Variant)
            .Select(static (group, index) => new Variant(group.First().Name, SeriesStyle.Number(index), [.. group.OrderBy(static candidate => candidate.DropRate)]))];
        if (variants.Length == 0)
        {
            return Html.Empty;
        }

        string better = view.RankedBy.HigherIsBetter ? "Higher" : "Lower";
        string bars = view.Trained.Any(static candidate => candidate.Trials.Count > 1)
            ? $" Bars and the band are {ReportText.Percent(view.Result.ConfidenceLevel)} confidence intervals over seeds."
            : string.Empty;
        string reading = $"{better} is better; what lies {(view.RankedBy.HigherIsBetter ? "above" : "below")} the grey band is better than no dropout.{bars}";
        if (variants.Length is > MostLinesInOnePicture and <= MostNamesOnOneAxis && variants.All(static variant => variant.Candidates.Count == 1))
        {
            return Html.Of($"""
                <section id="rates"><h2>Which variant?</h2>
                <p>{view.RankedBy.FullLabel}, which ranks the candidates, on held-out rows; each variant was tried at one rate. {reading}</p>
                <div class="charts">
                {Beside(view, view.Result.RankedBy, variants)}</div></section>

                """);
        }

        // Many variants lie over each other in one picture: then each has its own, on the same axes.
        string ranked = view.Result.RankedBy;
        IEnumerable<Html> pictures = variants.Length <= MostLinesInOnePicture
            ? Scores(view).Select(score => Picture(view, score, variants, variants, null))
            : variants.Select(variant => Picture(view, ranked, variants, [variant with { Style = SeriesStyle.Number(0) }], variant.Name));
        return Html.Of($"""
            <section id="rates"><h2>Which rate?</h2>
            <p>{view.RankedBy.FullLabel}, which ranks the candidates, on held-out rows at each drop rate. {reading}</p>
            <div class="charts">
            {pictures}</div></section>

            """);
    }

    /// <summary>The score that ranks, and beside it the one that people know best.</summary>
    private static IEnumerable<string> Scores(ComparisonView view)
    {
        string ranked = view.Result.RankedBy;
        string known = view.BaseScores.FirstOrDefault(score => score != view.RankedBy.BaseName) ?? ranked;
        string prefix = view.RankedBy.IsMonteCarlo ? ScoreDescription.MonteCarloPrefix : string.Empty;
        return view.Best(prefix + known) is null ? [ranked] : new[] { ranked, prefix + known }.Distinct();
    }

    private static Html Beside(ComparisonView view, string score, IReadOnlyList<Variant> variants)
    {
        ScoreDescription description = view.Describe(score);
        ScoreSummary? none = NoneSummary(view, description);
        double factor = description.Factor;
        CandidateResult[] candidates = [.. variants.Select(static variant => variant.Candidates[0])];
        IEnumerable<ScoreSummary> summaries = candidates.Select(candidate => candidate.Scores[score]);
        Chart chart = new()
        {
            Description = $"{description.FullLabel} of {string.Join(", ", candidates.Select(ComparisonView.Label))}",
            XTitle = string.Empty,
            YTitle = description.AxisLabel,
            X = Scale.Named([.. variants.Select(static variant => variant.Name)]),
            Y = Scale.Linear(Extent(none is null ? summaries : summaries.Append(none)).Select(each => factor * each), 5),
            Legend = none is null ? [] : [new(SeriesStyle.None, "none", HasPoint: false)],
            Width = 1000,
            Height = 350,
        };
        ScoreFormat format = view.Format(score);
        return chart.Render(area => candidates.SelectMany((candidate, index) => Marked(area, candidate, candidate.Scores[score], index))
            .Prepend(Band(area, none, factor, format)));

        IEnumerable<Html> Marked(PlotArea area, CandidateResult candidate, ScoreSummary summary, int index)
        {
            yield return Marks.Interval(area, SeriesStyle.Number(0), index, factor * summary.Low, factor * summary.High, 0);
            yield return Marks.Point(area, SeriesStyle.Number(0), index, factor * summary.Mean, $"{ComparisonView.Label(candidate)}: {format.Value(summary.Mean)} {format.HalfWidth(summary)}", 0);
        }
    }

    private static Html Band(PlotArea area, ScoreSummary? none, double factor, ScoreFormat format) => none is null
        ? Html.Empty
        : Marks.Band(area, SeriesStyle.None, factor * none.Mean, factor * none.Low, factor * none.High, $"none: {format.Value(none.Mean)} {format.HalfWidth(none)}");

    private static Html Picture(ComparisonView view, string score, IReadOnlyList<Variant> all, IReadOnlyList<Variant> shown, string? heading)
    {
        ScoreDescription description = view.Describe(score);
        ScoreSummary? none = NoneSummary(view, description);
        double factor = description.Factor;
        IEnumerable<ScoreSummary> summaries = all.SelectMany(static variant => variant.Candidates)
            .Select(candidate => candidate.Scores.GetValueOrDefault(score)).OfType<ScoreSummary>();
        double[] rates = [.. all.SelectMany(static variant => variant.Candidates).Select(static candidate => candidate.DropRate).Distinct().Order()];
        (double first, double last) = (Math.Min(rates[0], 0), Math.Min(1, rates[^1] + 0.05));
        List<LegendEntry> legend = none is null || heading is not null ? [] : [new(SeriesStyle.None, "none", HasPoint: false)];
        if (heading is null)
        {
            legend.AddRange(shown.Select(static variant => new LegendEntry(variant.Style, variant.Name)));
        }

        Chart chart = new()
        {
            Description = $"{description.FullLabel} against drop rate for {string.Join(", ", shown.Select(static variant => variant.Name))}",
            XTitle = "Drop rate",
            YTitle = description.AxisLabel,
            Heading = heading,
            X = Scale.Linear([first, last], heading is null ? 6 : 4, tight: true),
            Y = Scale.Linear(Extent(none is null ? summaries : summaries.Append(none)).Select(each => factor * each), 5),
            Legend = legend,
            Width = heading is null ? 500 : 330,
            Height = heading is null ? 350 : 250,
        };
        ScoreFormat format = view.Format(score);
        return chart.Render(area => shown.SelectMany((variant, index) => Marked(area, variant, (index - ((shown.Count - 1) / 2.0)) * Dodge))
            .Prepend(Band(area, none, factor, format)));

        IEnumerable<Html> Marked(PlotArea area, Variant variant, double shift)
        {
            yield return Html.Of($"<g transform=\"translate({shift} 0)\">{Marks.Line(area, variant.Style, variant.Candidates.Select(each => (each.DropRate, factor * (each.Scores.GetValueOrDefault(score)?.Mean ?? double.NaN))))}</g>");
            foreach (CandidateResult each in variant.Candidates)
            {
                if (!each.Scores.TryGetValue(score, out ScoreSummary? summary))
                {
                    continue;
                }

                yield return Marks.Interval(area, variant.Style, each.DropRate, factor * summary.Low, factor * summary.High, shift);
                yield return Marks.Point(area, variant.Style, each.DropRate, factor * summary.Mean, $"{ComparisonView.Label(each)}: {format.Value(summary.Mean)} {format.HalfWidth(summary)}", shift);
            }
        }
    }

    /// <summary>What the axis must show: every mean, and of the intervals no more than leaves the means apart.</summary>
    /// <remarks>With two seeds an interval can be twenty times as wide as everything else; it then runs out of the picture.</remarks>
    private static IEnumerable<double> Extent(IEnumerable<ScoreSummary> summaries)
    {
        ScoreSummary[] finite = [.. summaries.Where(static each => double.IsFinite(each.Mean))];
        if (finite.Length == 0)
        {
            return [];
        }

        (double low, double high) = (finite.Min(static each => each.Mean), finite.Max(static each => each.Mean));
        double span = high > low ? high - low : double.PositiveInfinity;
        return finite.SelectMany(each => new[] { each.Mean, Math.Max(each.Low, low - span), Math.Min(each.High, high + span) });
    }

    private static ScoreSummary? NoneSummary(ComparisonView view, ScoreDescription score)
    {
        // Without dropout there is no Monte-Carlo mean: its plain evaluation is what one would use instead.
        return view.None?.Scores.GetValueOrDefault(score.Name) ?? view.None?.Scores.GetValueOrDefault(score.BaseName);
    }

    private sealed record Variant(string Name, SeriesStyle Style, IReadOnlyList<CandidateResult> Candidates);
}
