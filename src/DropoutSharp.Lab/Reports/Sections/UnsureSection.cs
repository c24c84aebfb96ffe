using System.Globalization;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>The held-out images or rows about which the model is least sure.</summary>
internal static class UnsureSection
{
    private const int MostFields = 8;

    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        IReadOnlyList<UnsureExample> examples = view.Result.UnsureExamples;
        if (examples.Count == 0)
        {
            return Html.Empty;
        }

        CandidateName? other = view.Result.UnsureCandidate;
        CandidateResult? asked = other is null ? view.Recommended
            : view.Trained.FirstOrDefault(candidate => candidate.Variant == other.Variant && candidate.DropRate == other.DropRate);
        string who = asked is null ? string.Empty : asked == view.None ? " by the network without dropout" : $" by {ComparisonView.Label(asked)}";
        string why = other is null ? string.Empty
            : "It is not recommended, but without dropout a network has the same spread for every row, and no doubt of its own to show. ";
        string meaning = examples.All(static example => Math.Abs(example.Epistemic) < 1e-9)
            ? $"Without dropout a model cannot tell its own doubt from that in the data: all of it counts as the data’s{(view.IsClassification ? ", in nats" : string.Empty)}."
            : view.IsClassification
            ? "“Model” is what more training rows could settle (mutual information), “data” what they could not (expected entropy), both in nats."
            : $"“Model” is what more training rows could settle (epistemic standard deviation), “data” what they could not (aleatoric), both in the unit of {view.Result.Data.Target}.";
        Html content = examples.Any(static example => example.Pixels is not null)
            ? Html.Of($"<ul class=\"images\">{examples.Where(static example => example.Pixels is not null).Select(example => ImageCard(view, example))}</ul>")
            : Rows(view, examples);
        return Html.Of($"""
            <section id="unsure"><h2>What the model is unsure about</h2>
            <p>Held-out {(examples[0].Pixels is null ? "rows" : "images")} that are predicted{who} with the least certainty, the least certain first. {why}{meaning}</p>
            {content}</section>

            """);
    }

    private static Html ImageCard(ComparisonView view, UnsureExample example)
    {
        bool right = example.Truth == example.Prediction;
        string confidence = double.IsFinite(example.Confidence) ? $" ({ReportText.Percent(Math.Round(example.Confidence, 2))})" : string.Empty;
        string verdict = view.IsClassification ? right ? "right" : "wrong" : "predicted";
        return Html.Of($"""
            <li class="card"><img src="{PixelImage.DataUri(example)}" alt="{$"Row {example.Row}: {example.Truth}, predicted {example.Prediction}"}" width="112" height="112"/>
            <span class="says {verdict}">says <b>{example.Prediction}</b>{confidence}</span> <span>is <b>{example.Truth}</b></span>
            <small>model {Doubt(example.Epistemic)}<br/>data {Doubt(example.Aleatoric)} · row {example.Row}</small></li>

            """);
    }

    private static string Doubt(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static Html Rows(ComparisonView view, IReadOnlyList<UnsureExample> examples)
    {
        string[] columns = [.. examples.SelectMany(static example => example.Fields ?? []).Select(static field => field.Key).Distinct()];
        string[] shown = [.. columns.Take(MostFields)];
        bool hasConfidence = examples.Any(static example => double.IsFinite(example.Confidence));
        IEnumerable<Html> heads = shown.Select(static column => Html.Of($"<th scope=\"col\">{column}</th>"));
        IEnumerable<Html> rows = examples.Select(example => Html.Of($"""
            <tr><td class="number">{example.Row}</td><td class="number"><b>{example.Prediction}</b></td>{(hasConfidence ? Html.Of($"<td class=\"number\">{ReportText.Percent(Math.Round(example.Confidence, 3))}</td>") : Html.Empty)}<td class="number">{example.Truth}</td><td class="number">{ReportText.Significant(example.Epistemic)}</td><td class="number">{ReportText.Significant(example.Aleatoric)}</td>{Fields(example, shown)}</tr>

            """));
        string more = columns.Length > shown.Length ? $"The first {shown.Length} of {columns.Length} columns are shown." : string.Empty;
        return Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Rows the model is unsure about"><table>
            <thead><tr><th scope="col" class="number">Row</th><th scope="col" class="number">Predicted</th>{(hasConfidence ? Html.Of($"<th scope=\"col\" class=\"number\">Probability</th>") : Html.Empty)}<th scope="col" class="number">True {view.Result.Data.Target}</th><th scope="col" class="number">Model</th><th scope="col" class="number">Data</th>{heads}</tr></thead>
            <tbody>
            {rows}</tbody></table></div>
            <p class="note">{more}</p>

            """);
    }

    private static IEnumerable<Html> Fields(UnsureExample example, IReadOnlyList<string> columns) => columns.Select(column =>
        Html.Of($"<td>{(example.Fields ?? []).FirstOrDefault(field => field.Key == column).Value ?? "–"}</td>"));
}
