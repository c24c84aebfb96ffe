using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Lab.Claims.Reporting;

/// <summary>Writes what was found about claims as one page that needs nothing else, with a picture each.</summary>
public static class ClaimPage
{
    /// <summary>The page as text.</summary>
    /// <param name="results">What was found.</param>
    public static string Render(IReadOnlyList<ClaimResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        int holds = results.Count(result => result.Verdict == ClaimVerdict.Holds);
        return Page.Render("What dropout does, tried", Html.Of($"""
            <div class="answer{(holds == results.Count ? " helps" : "")}"><p class="kicker">What is said about dropout, tried on data</p>
            <h1>{holds} of {results.Count} claims hold</h1>
            <div class="scroll"><table><thead><tr><th>Claim</th><th>Verdict</th><th class="number">Seconds</th></tr></thead><tbody>
            {results.Select(Row)}</tbody></table></div></div>
            {results.Select(Section)}
            """));
    }

    private static Html Row(ClaimResult result) => Html.Of(
        $"<tr><th style=\"white-space:normal\"><a href=\"#{result.Name}\">{result.Number}. {result.Name}</a></th><td>{Verdict(result.Verdict)}</td><td class=\"number\">{ClaimText.Number(Math.Round(result.Seconds))}</td></tr>\n");

    private static Html Section(ClaimResult result) => Html.Of($"""
        <section id="{result.Name}"><h2>{result.Number}. {result.Claim}</h2>
        <p><strong>{Verdict(result.Verdict)}</strong> on {result.Data}.</p>
        <div class="charts">{ClaimChart.Render(result.Picture)}</div>
        <div class="scroll"><table><thead><tr><th>Statement</th><th>Measured, 95 % interval</th><th>Holds where</th><th>Verdict</th></tr></thead><tbody>
        {result.Parts.Select(Part)}</tbody></table></div>
        <p class="note">{result.Method} The claim holds where every statement holds that is not marked “beside”.</p>
        <details><summary>Everything that was measured</summary><div class="scroll"><table><thead><tr><th>Name</th><th>Mean and 95 % interval</th><th class="number">Seeds</th></tr></thead><tbody>
        {result.Measured.Select(Measured)}</tbody></table></div></details></section>

        """);

    private static Html Part(ClaimPart part) => Html.Of(
        $"<tr><td style=\"white-space:normal;min-width:14em\">{part.Statement}{(part.Decides ? "" : " (beside)")}</td><td>{ClaimText.Interval(part.Measured)}</td><td style=\"white-space:normal\">{Breakable(part.Rule)}</td><td>{Verdict(part.Verdict)}</td></tr>\n");

    // Names may break behind their underscores and nowhere else.
    private static Html Breakable(string text) => Html.Concat(text.Split('_').Select((word, index) => index == 0 ? Html.Of($"{word}") : Html.Of($"_<wbr/>{word}")));

    private static Html Measured(Measurement measured) => Html.Of(
        $"<tr><td>{measured.Name}</td><td>{ClaimText.Interval(measured)}</td><td class=\"number\">{measured.Seeds}</td></tr>\n");

    private static Html Verdict(ClaimVerdict verdict) => Html.Of(
        $"<span class=\"{(verdict == ClaimVerdict.Holds ? "good" : verdict == ClaimVerdict.DoesNotHold ? "bad" : "muted")}\">{ClaimText.Verdict(verdict)}</span>");
}
