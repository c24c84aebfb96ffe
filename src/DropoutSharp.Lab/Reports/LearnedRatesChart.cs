using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Reports;

/// <summary>The drop rates that a network learned, a line a site, epoch by epoch.</summary>
public sealed class LearnedRatesChart
{
    private readonly Chart _chart;
    private readonly (double Epoch, double DropRate)[][] _curves;

    private LearnedRatesChart(Chart chart, (double Epoch, double DropRate)[][] curves) => (_chart, _curves) = (chart, curves);

    /// <summary>The chart of trainings of one network.</summary>
    /// <param name="heading">What was trained.</param>
    /// <param name="sites">The names of the sites.</param>
    /// <param name="trainings">The epochs of each training; as far as all of them went, their mean is drawn.</param>
    /// <returns>Null where no training has rates of as many sites.</returns>
    public static LearnedRatesChart? Create(string heading, IReadOnlyList<string> sites, IReadOnlyList<IReadOnlyList<EpochMetrics>> trainings)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(trainings);
        IReadOnlyList<EpochMetrics>[] usable = [.. trainings.Where(epochs => epochs.Count > 0 && epochs.All(epoch => epoch.LearnedRates?.Count == sites.Count))];
        if (usable.Length == 0 || sites.Count == 0)
        {
            return null;
        }

        int common = usable.Min(static epochs => epochs.Count), last = Math.Max(2, common);
        (double, double DropRate)[][] curves = [.. sites.Select((_, site) => Enumerable.Range(0, common)
            .Select(i => (i + 1.0, usable.Average(epochs => epochs[i].LearnedRates![site]))).ToArray())];
        Chart chart = new()
        {
            Description = $"Learned drop rates by epoch, {heading}",
            Heading = heading,
            XTitle = "Epoch",
            YTitle = "Drop rate",
            X = Scale.Fixed(1, last, [.. Scale.Linear([1, last], 6, tight: true).Ticks.Where(static tick => tick == Math.Floor(tick) && tick >= 1)]),
            Y = Scale.Linear(curves.SelectMany(static curve => curve).Select(static point => point.DropRate).Append(0), 6),
            Legend = [.. sites.Select(static (site, i) => new LegendEntry(SeriesStyle.Number(i), site, HasPoint: false))],
        };
        return new LearnedRatesChart(chart, curves);
    }

    /// <summary>The picture as an SVG file of its own, with its colours for light and dark.</summary>
    public string RenderFile() => _chart.RenderFile(Marks).ToString();

    /// <summary>The picture for a page.</summary>
    internal Html Render() => _chart.Render(Marks);

    private IEnumerable<Html> Marks(PlotArea area) => _curves.Select((curve, i) => Charts.Marks.Line(area, SeriesStyle.Number(i), curve));
}
