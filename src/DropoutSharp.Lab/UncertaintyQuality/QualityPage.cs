using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>Writes how good a model's uncertainty is as one page that needs nothing else, with pictures.</summary>
public static class QualityPage
{
    /// <summary>The page as text.</summary>
    /// <param name="result">What was found.</param>
    public static string Render(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Page.Render($"How sure, and rightly? {result.Data}", Html.Of($"""
            <div class="answer"><p class="kicker">{result.Model} on {result.Rows} rows of {result.Data}, {result.Passes} Monte-Carlo passes</p>
            <h1>{QualityText.Pays(result)}</h1>
            <p class="lead">{QualityText.Answer(result)[(QualityText.Pays(result).Length + 1)..]}</p>
            {(result.Warning is null ? Html.Empty : Html.Of($"<p>{result.Warning}</p>"))}</div>
            {Scores(result)}
            {Reliability(result)}
            {Coverage(result)}
            <div class="columns">{Risk(result)}{Passes(result)}</div>
            {Foreign(result)}
            """));
    }

    /// <summary>The pictures of the page as SVG files of their own, by the files' names without ending.</summary>
    /// <param name="result">What was found.</param>
    public static IReadOnlyDictionary<string, string> Pictures(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return QualityCharts.All(result).ToDictionary(chart => chart.Name, chart => chart.RenderFile());
    }

    private static Html Scores(QualityResult result) => Html.Of($"""
        <section id="scores"><h2>Weight scaling and the Monte-Carlo mean</h2>
        <div class="scroll"><table><thead><tr><th>Score</th><th class="number">weight scaling</th><th class="number">Monte Carlo</th></tr></thead><tbody>
        {result.Plain.Select(score => Html.Of($"<tr><th>{QualityText.Score(score.Key)}</th><td class=\"number\">{QualityText.Number(score.Value)}</td><td class=\"number\">{QualityText.Number(result.MonteCarlo[score.Key])}</td></tr>\n"))}</tbody></table></div></section>

        """);

    private static Html Reliability(QualityResult result) => Section(
        "reliability", "Is its confidence earned?",
        result.Task == "classification"
            ? "On the diagonal, of the rows with a stated 80 % four in five are right; below it the model is too sure."
            : "On the diagonal a 90 % interval holds 90 % of the targets; below it intervals are too narrow.",
        QualityCharts.Reliability(result).Render());

    private static Html Coverage(QualityResult result) => Html.Of($"""
        <section id="coverage"><h2>Does “90 %” hold 90 %?</h2>
        <p>The model's own {(result.Task == "classification" ? "class sets" : "intervals")} beside those of split conformal prediction, which half of the rows calibrated; measured on the other half. After the ±: two standard deviations of what luck does with so many rows.{(result.Task == "classification" ? " A set always holds the most probable class, so that at low levels a good classifier covers more than was asked." : "")}</p>
        <div class="scroll"><table><thead><tr><th>Level</th><th class="number">own coverage</th><th class="number">own {QualityText.Size(result)}</th><th class="number">conformal coverage</th><th class="number">conformal {QualityText.Size(result)}</th></tr></thead><tbody>
        {result.Coverage.Select(level => Html.Of($"<tr><th>{QualityText.Percent(level.Level)}</th><td class=\"number\">{QualityText.Percent(level.Own)}</td><td class=\"number\">{QualityText.Number(level.OwnSize)}</td><td class=\"number\">{(level.Conformal is { } share ? QualityText.Percent(share) + QualityText.Chance(level) : $"needs {level.RowsNeeded} rows")}</td><td class=\"number\">{(level.ConformalSize is { } size ? QualityText.Number(size) : "")}</td></tr>\n"))}</tbody></table></div></section>

        """);

    private static Html Risk(QualityResult result) => Section(
        "risk", "What does abstaining gain?",
        "The mean loss of the rows that are kept when the most uncertain ones are left to somebody else. A curve that falls to the left knows where it errs.",
        QualityCharts.Risk(result).Render());

    private static Html Passes(QualityResult result) =>
        Section("passes", "For how many passes does it pay?", QualityText.Pays(result), QualityCharts.Passes(result).Render());

    private static Html Foreign(QualityResult result) => result.ForeignData is null
        ? Html.Empty
        : Html.Of($"""
            <section id="foreign"><h2>Does it notice foreign data?</h2>
            <p>Rows of {result.ForeignData}, which the model was not made for, against its own. AUROC is the probability that a foreign row is the more uncertain one; FPR95 the share of foreign rows that pass where 95 % of the model's own do.</p>
            <div class="scroll"><table><thead><tr><th>Uncertainty</th><th class="number">AUROC</th><th class="number">FPR95</th></tr></thead><tbody>
            {result.Foreign.Select(found => Html.Of($"<tr><th>{QualityText.Score(found.Uncertainty)}</th><td class=\"number\">{QualityText.Number(found.Auroc)}</td><td class=\"number\">{QualityText.Number(found.Fpr95)}</td></tr>\n"))}</tbody></table></div>
            <div class="charts">{QualityCharts.Foreign(result).Render()}{QualityCharts.Roc(result).Render()}</div></section>

            """);

    private static Html Section(string id, string title, string text, Html chart) => Html.Of($"""
        <section id="{id}"><h2>{title}</h2>
        <p>{text}</p>
        <div class="charts">{chart}</div></section>

        """);
}
