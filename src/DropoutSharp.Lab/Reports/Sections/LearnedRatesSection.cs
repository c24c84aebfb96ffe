using System.Globalization;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>The drop rates that candidates learned, site by site: where they started, how they went, and where they ended.</summary>
internal static class LearnedRatesSection
{
    /// <summary>Writes it; nothing where no candidate learns its rates.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        CandidateResult[] learned = [.. view.Trained.Where(static candidate => candidate.LearnedRates.Count > 0)];
        return learned.Length == 0 ? Html.Empty : Html.Of($"""
            <section id="learned"><h2>Learned drop rates</h2>
            <p>These candidates learn a rate with the weights, one for each site of the network in its order. A rate that falls says that the site needs little noise; one that rises, that much of what
            comes through it is not needed. For Gaussian noise of variance α the rate is α/(1 + α).</p>
            <div class="charts">
            {learned.Select(Picture)}</div>
            {learned.Select(Table)}</section>

            """);
    }

    private static Html Picture(CandidateResult candidate)
    {
        int sites = candidate.LearnedRates.Count;
        IReadOnlyList<EpochMetrics>[] trials = [.. candidate.Trials
            .Select(trial => trial.Epochs)
            .Where(epochs => epochs.Count > 0 && epochs.All(epoch => epoch.LearnedRates?.Count == sites))];
        if (trials.Length == 0)
        {
            return Html.Empty;
        }

        int common = trials.Min(epochs => epochs.Count);
        (double Epoch, double Rate)[][] curves = [.. Enumerable.Range(0, sites).Select(site => Enumerable.Range(0, common)
            .Select(i => ((double)(i + 1), trials.Average(epochs => epochs[i].LearnedRates![site]))).ToArray())];
        Scale x = Scale.Linear([1, Math.Max(2, common)], 6, tight: true);
        Chart chart = new()
        {
            Description = $"Learned drop rates by epoch, {ComparisonView.Label(candidate)}",
            Heading = ComparisonView.Label(candidate),
            XTitle = "Epoch",
            YTitle = "Drop rate",
            X = Scale.Fixed(1, Math.Max(2, common), [.. x.Ticks.Where(static tick => tick == Math.Floor(tick) && tick >= 1)]),
            Y = Scale.Linear(curves.SelectMany(static curve => curve).Select(static point => point.Rate).Append(0), 6),
            Legend = [.. candidate.LearnedRates.Select((rate, site) => new LegendEntry(SeriesStyle.Number(site), rate.Site, HasPoint: false))],
        };
        return chart.Render(area => curves.Select((curve, site) => Marks.Line(area, SeriesStyle.Number(site), curve)));
    }

    private static Html Table(CandidateResult candidate) => Html.Of($"""
        <div class="scroll"><table><thead><tr><th>{ComparisonView.Label(candidate)}, at the kept weights</th>{candidate.LearnedRates.Select(static rate => Html.Of($"<th class=\"number\">{rate.Site}</th>"))}</tr></thead><tbody>
        <tr><th>Drop rate</th>{candidate.LearnedRates.Select(static rate => Html.Of($"<td class=\"number\">{Text(rate.DropRate)}</td>"))}</tr></tbody></table></div>

        """);

    private static string Text(ScoreSummary rate) => rate.Seeds > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{rate.Mean:0.000} [{rate.Low:0.000}, {rate.High:0.000}]")
        : rate.Mean.ToString("0.000", CultureInfo.InvariantCulture);
}
