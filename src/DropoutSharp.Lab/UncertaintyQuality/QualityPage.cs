using System.Globalization;
using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Reports.Charts;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>Writes how good a model's uncertainty is as one page that needs nothing else, with pictures.</summary>
public static class QualityPage
{
    private const int MostPoints = 200;
    private const int HistogramBins = 30;

    /// <summary>The page as text.</summary>
    /// <param name="result">What was found.</param>
    public static string Render(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Page.Render($"How sure, and rightly? {result.Data}", Html.Of($"""
            <div class="answer"><p class="kicker">{result.Model} on {result.Rows} rows of {result.Data}, {result.Passes} Monte-Carlo passes</p>
            <h1>{QualityText.Answer(result)}</h1>
            {(result.Warning is null ? Html.Empty : Html.Of($"<p>{result.Warning}</p>"))}</div>
            {Scores(result)}
            {Reliability(result)}
            {Coverage(result)}
            {Risk(result)}
            {Passes(result)}
            {Foreign(result)}
            """));
    }

    private static Html Scores(QualityResult result) => Html.Of($"""
        <section id="scores"><h2>Weight scaling and the Monte-Carlo mean</h2>
        <div class="scroll"><table><thead><tr><th>Score</th><th class="number">weight scaling</th><th class="number">Monte Carlo</th></tr></thead><tbody>
        {result.Plain.Select(score => Html.Of($"<tr><th>{QualityText.Score(score.Key)}</th><td class=\"number\">{QualityText.Number(score.Value)}</td><td class=\"number\">{QualityText.Number(result.MonteCarlo[score.Key])}</td></tr>\n"))}</tbody></table></div></section>

        """);

    private static Html Reliability(QualityResult result)
    {
        bool classes = result.Task == "classification";
        double[] ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
        Chart chart = new()
        {
            Description = "Observed against stated",
            XTitle = classes ? "Stated confidence" : "Level of the central interval",
            YTitle = classes ? "Accuracy" : "Targets inside",
            X = Scale.Fixed(0, 1, ticks),
            Y = Scale.Fixed(0, 1, ticks),
            Legend = [new LegendEntry(SeriesStyle.None, "weight scaling"), new LegendEntry(SeriesStyle.Recommended, "Monte-Carlo mean")],
            Width = 420,
            Height = 380,
        };
        return Section(
            "reliability", "Is its confidence earned?",
            classes ? "On the diagonal, of the rows with a stated 80 % four in five are right; below it the model is too sure." : "On the diagonal a 90 % interval holds 90 % of the targets; below it intervals are too narrow.",
            chart.Render(area => [
                Marks.Line(area, new("guide", Marker.Circle, true), [(0, 0), (1, 1)], "guide"),
                .. Series(area, SeriesStyle.None, result.Pictures.PlainReliability), .. Series(area, SeriesStyle.Recommended, result.Pictures.Reliability)]));

        static IEnumerable<Html> Series(PlotArea area, SeriesStyle style, IReadOnlyList<CalibrationBin> bins)
        {
            yield return Marks.Line(area, style, bins.Select(bin => (bin.Stated, bin.Observed)));
            foreach (CalibrationBin bin in bins)
            {
                yield return Marks.Point(area, style, bin.Stated, bin.Observed, string.Create(CultureInfo.InvariantCulture, $"stated {bin.Stated:0.000}, observed {bin.Observed:0.000}, {bin.Count} rows"));
            }
        }
    }

    private static Html Coverage(QualityResult result) => Html.Of($"""
        <section id="coverage"><h2>Does “90 %” hold 90 %?</h2>
        <p>The model's own {(result.Task == "classification" ? "class sets" : "intervals")} beside those of split conformal prediction, which half of the rows calibrated; measured on the other half.</p>
        <div class="scroll"><table><thead><tr><th>Level</th><th class="number">own coverage</th><th class="number">own {QualityText.Size(result)}</th><th class="number">conformal coverage</th><th class="number">conformal {QualityText.Size(result)}</th></tr></thead><tbody>
        {result.Coverage.Select(level => Html.Of($"<tr><th>{QualityText.Percent(level.Level)}</th><td class=\"number\">{QualityText.Percent(level.Own)}</td><td class=\"number\">{QualityText.Number(level.OwnSize)}</td><td class=\"number\">{(level.Conformal is { } share ? QualityText.Percent(share) : $"needs {level.RowsNeeded} rows")}</td><td class=\"number\">{(level.ConformalSize is { } size ? QualityText.Number(size) : "")}</td></tr>\n"))}</tbody></table></div></section>

        """);

    private static Html Risk(QualityResult result)
    {
        (double X, double Y)[] plain = Thin(result.Pictures.PlainRisk), sampled = Thin(result.Pictures.Risk);
        return Section(
            "risk", "What does abstaining gain?",
            "The mean loss of the rows that are kept when the most uncertain ones are left to somebody else. A curve that falls to the left knows where it errs.",
            Lines(
                "Risk against coverage", "Share of rows kept", result.Task == "classification" ? "Error rate of the kept" : "Mean squared error of the kept",
                Scale.Fixed(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (SeriesStyle.None, "weight scaling", plain), (SeriesStyle.Recommended, "Monte Carlo", sampled)));

        static (double, double)[] Thin(IReadOnlyList<RiskCoveragePoint> points) =>
            [.. points.Where((_, i) => i == points.Count - 1 || i % Math.Max(1, points.Count / MostPoints) == 0).Select(point => (point.Coverage, point.Risk))];
    }

    private static Html Passes(QualityResult result)
    {
        double[] x = [.. result.ByPasses.Select(point => (double)point.Passes)];
        return Section(
            "passes", "For how many passes does it pay?", QualityText.Pays(result),
            Lines(
                "Negative log-likelihood against passes", "Passes", "Negative log-likelihood (nats)", Scale.LogarithmicWhereWide(x, 8),
                (SeriesStyle.None, "weight scaling", [(x.Min(), result.Plain["nll"]), (x.Max(), result.Plain["nll"])]),
                (SeriesStyle.Recommended, "Monte-Carlo mean", [.. result.ByPasses.Select(point => ((double)point.Passes, point.Nll))])));
    }

    private static Html Foreign(QualityResult result)
    {
        if (result.ForeignData is null)
        {
            return Html.Empty;
        }

        double[] own = result.Pictures.OwnScores, foreign = result.Pictures.ForeignScores;
        double most = Math.Max(1e-12, own.Concat(foreign).Max());
        return Html.Of($"""
            <section id="foreign"><h2>Does it notice foreign data?</h2>
            <p>Rows of {result.ForeignData}, which the model was not made for, against its own. AUROC is the probability that a foreign row is the more uncertain one.</p>
            <div class="scroll"><table><thead><tr><th>Uncertainty</th><th class="number">AUROC</th><th class="number">FPR95</th></tr></thead><tbody>
            {result.Foreign.Select(found => Html.Of($"<tr><th>{QualityText.Score(found.Uncertainty)}</th><td class=\"number\">{QualityText.Number(found.Auroc)}</td><td class=\"number\">{QualityText.Number(found.Fpr95)}</td></tr>\n"))}</tbody></table></div>
            <div class="charts">{Lines(
                "Shares of rows by their uncertainty", result.Task == "classification" ? "Mutual information (nats)" : "Epistemic standard deviation", "Share of rows",
                Scale.Linear([0, most], 8, tight: true), (SeriesStyle.None, "own rows", Histogram(own)), (SeriesStyle.Recommended, "foreign rows", Histogram(foreign)))}</div></section>

            """);

        (double, double)[] Histogram(double[] scores) =>
            [.. Enumerable.Range(0, HistogramBins).Select(bin => (
                (bin + 0.5) * most / HistogramBins,
                scores.Count(score => Math.Min(HistogramBins - 1, (int)(score / most * HistogramBins)) == bin) / (double)scores.Length))];
    }

    private static Html Section(string id, string title, string text, Html chart) => Html.Of($"""
        <section id="{id}"><h2>{title}</h2>
        <p>{text}</p>
        <div class="charts">{chart}</div></section>

        """);

    private static Html Lines(
        string description, string xTitle, string yTitle, Scale x, params (SeriesStyle Style, string Name, (double X, double Y)[] Points)[] series) => new Chart
        {
            Description = description,
            XTitle = xTitle,
            YTitle = yTitle,
            X = x,
            Y = Scale.Linear(series.SelectMany(each => each.Points).Select(point => point.Y), 6),
            Legend = [.. series.Select(each => new LegendEntry(each.Style, each.Name, HasPoint: false))],
            Width = 560,
            Height = 340,
        }.Render(area => series.Select(each => Marks.Line(area, each.Style, each.Points)));
}
