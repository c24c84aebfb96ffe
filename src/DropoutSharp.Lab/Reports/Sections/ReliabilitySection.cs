using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>Whether stated confidence is earned: accuracy against confidence, or coverage of central intervals against their level.</summary>
internal static class ReliabilitySection
{
    private const int Bins = 10;

    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        Series[] series = [.. All(view).Where(static each => each.Bins.Count > 0)];
        if (series.Length == 0)
        {
            return Html.Empty;
        }

        (string what, string xTitle, string yTitle) = view.IsClassification
            ? ("Of the rows to whose class a model gives a probability, how many are right? On the diagonal a stated 80 % is right 80 % of the time; below it the model is too sure of itself. The area of a mark is the share of rows.",
                "Stated confidence (%)", "Accuracy (%)")
            : ("How many targets fall into the central intervals that a model states? On the diagonal a 90 % interval holds 90 % of the targets; below it the intervals are too narrow.",
                "Stated coverage of the interval (%)", "Targets inside (%)");
        double[] ticks = [0, 20, 40, 60, 80, 100];
        IEnumerable<Html> pictures = series.Select(each => new Chart
        {
            Description = $"{yTitle} against {xTitle}, {each.Name}",
            Heading = each.Name,
            XTitle = xTitle,
            YTitle = yTitle,
            X = Scale.Fixed(0, 100, ticks),
            Y = Scale.Fixed(0, 100, ticks),
            Width = 360,
            Height = 340,
        }.Render(area => Marked(area, each)));
        return Html.Of($"""
            <section id="reliability"><h2>Is its confidence earned?</h2>
            <p>{what}</p>
            <div class="charts">
            {pictures}</div></section>

            """);
    }

    private static IEnumerable<Series> All(ComparisonView view)
    {
        if (view.None is { } none)
        {
            yield return new("Without dropout", SeriesStyle.None, Pool(none.Trials.SelectMany(static trial => trial.Reliability)), view.IsClassification);
        }

        if (view.Featured is { } featured)
        {
            string name = ComparisonView.Label(featured);
            yield return new($"{name}, plain", SeriesStyle.Recommended with { Marker = Marker.Circle }, Pool(featured.Trials.SelectMany(static trial => trial.Reliability)), view.IsClassification);
            yield return new($"{name}, MC mean", SeriesStyle.Recommended, Pool(featured.Trials.SelectMany(static trial => trial.MonteCarloReliability)), view.IsClassification);
        }
    }

    /// <summary>Pools the seeds' bins into tenths, each value weighted by its rows.</summary>
    private static IReadOnlyList<ReliabilityBin> Pool(IEnumerable<ReliabilityBin> bins) => [.. bins
        .Where(static bin => bin.Count > 0 && double.IsFinite(bin.Stated) && double.IsFinite(bin.Observed))
        .GroupBy(static bin => Math.Clamp((int)Math.Floor((bin.Stated * Bins) + 1e-9), 0, Bins - 1))
        .OrderBy(static group => group.Key)
        .Select(static group =>
        {
            int count = group.Sum(static bin => bin.Count);
            return new ReliabilityBin(group.Sum(bin => bin.Stated * bin.Count) / count, group.Sum(bin => bin.Observed * bin.Count) / count, count);
        })];

    private static IEnumerable<Html> Marked(PlotArea area, Series series)
    {
        yield return Marks.Line(area, new("guide", Marker.Circle, true), [(0, 0), (100, 100)], "guide");
        yield return Marks.Line(area, series.Style, series.Bins.Select(static bin => (100 * bin.Stated, 100 * bin.Observed)));
        double total = series.Bins.Sum(static bin => (double)bin.Count);
        foreach (ReliabilityBin bin in series.Bins)
        {
            // Coverage is over all rows at every level: there, the area would say nothing.
            double radius = series.AreaIsShare ? 3 + (9 * Math.Sqrt(bin.Count / total)) : 4.5;
            string share = series.AreaIsShare ? $", {ReportText.Percent(Math.Round(bin.Count / total, 4))} of the rows" : string.Empty;
            yield return Marks.Point(
                area, series.Style, 100 * bin.Stated, 100 * bin.Observed,
                $"stated {ReportText.Percent(Math.Round(bin.Stated, 4))}, observed {ReportText.Percent(Math.Round(bin.Observed, 4))}{share}", radius: radius);
        }
    }

    private sealed record Series(string Name, SeriesStyle Style, IReadOnlyList<ReliabilityBin> Bins, bool AreaIsShare);
}
