using System.Globalization;
using DropoutSharp.Lab.Comparison;

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
            {Table(learned)}</section>

            """);
    }

    private static Html Picture(CandidateResult candidate) => LearnedRatesChart.Create(
        ComparisonView.Label(candidate), [.. candidate.LearnedRates.Select(static rate => rate.Site)],
        [.. candidate.Trials.Select(static trial => trial.Epochs)])?.Render() ?? Html.Empty;

    private static Html Table(CandidateResult[] learned)
    {
        string[] sites = [.. learned.SelectMany(static candidate => candidate.LearnedRates).Select(static rate => rate.Site).Distinct()];
        return Html.Of($"""
            <div class="scroll"><table><thead><tr><th>At the kept weights</th>{sites.Select(static site => Html.Of($"<th class=\"number\">{site}</th>"))}</tr></thead><tbody>
            {learned.Select(candidate => Html.Of($"<tr><th>{ComparisonView.Label(candidate)}</th>{sites.Select(site => Html.Of($"<td class=\"number\">{Text(candidate.LearnedRates.FirstOrDefault(rate => rate.Site == site)?.DropRate)}</td>"))}</tr>\n"))}</tbody></table></div>
            """);
    }

    private static string Text(ScoreSummary? rate) => rate is null ? "" : rate.Seeds > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{rate.Mean:0.000} [{rate.Low:0.000}, {rate.High:0.000}]")
        : rate.Mean.ToString("0.000", CultureInfo.InvariantCulture);
}
