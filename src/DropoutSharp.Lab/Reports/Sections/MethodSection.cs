using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>What was compared, on what, and how it was judged.</summary>
internal static class MethodSection
{
    private const int MostClasses = 20;

    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        ComparisonResult result = view.Result;
        DataSummary data = result.Data;
        Html notes = data.Notes.Count == 0 ? Html.Empty : Html.Of($"<h3>What was done to it</h3><ul>{data.Notes.Select(static note => Html.Of($"<li>{note}</li>"))}</ul>");
        Html classes = data.Classes.Count == 0 ? Html.Empty : Fact($"{ReportText.Count(data.Classes.Count)} classes", Classes(data.Classes));
        int[] seeds = [.. view.Trained.Select(static candidate => candidate.Trials.Count).Distinct().Order()];
        string seedText = seeds switch
        {
            [] => "none yet",
            [int all] => ReportText.Count(all, "seed"),
            _ => $"{seeds[0]} to {ReportText.Count(seeds[^1], "seed")}",
        };
        Html configuration = result.Configuration.Count == 0 ? Html.Empty : Html.Of($"""
            <section id="configuration"><h2>Configuration</h2><dl>{result.Configuration.Select(static pair => Fact(pair.Key, pair.Value))}</dl></section>

            """);
        return Html.Of($"""
            <div class="columns">
            <section id="data"><h2>Data</h2><dl>{Fact("Name", data.Name)}{Fact("Task", data.Task)}{Fact("Target", data.Target)}{classes}{Fact("Training", ReportText.Count(data.TrainRows, "row"))}{Fact("Validation", ReportText.Count(data.ValidationRows, "row"))}{Fact("Held out", ReportText.Count(data.TestRows, "row"))}{Fact("One row", Shape(data.Shape))}</dl>{notes}</section>
            <section id="network"><h2>Network</h2><dl>{Fact("Kind", result.Network.Kind)}{Fact("Layers", result.Network.Description)}{Fact("Activation", result.Network.Activation)}{Fact("Parameters", ReportText.Count(result.Network.Parameters))}</dl></section>
            <section id="method"><h2>How it was judged</h2>{Judgement(view)}<dl>{Fact("Candidates", ReportText.Count(result.Candidates.Count))}{Fact("Trained a candidate", seedText)}{Fact("Time", ReportText.Seconds(result.Seconds))}</dl></section>
            {configuration}</div>

            """);
    }

    private static Html Judgement(ComparisonView view)
    {
        ComparisonResult result = view.Result;
        int tested = result.Candidates.Count(static candidate => candidate.AgainstNone is not null);
        string level = ReportText.Percent(result.ConfidenceLevel);
        Html test = tested == 0
            ? Html.Of($"<li>No test against none: that takes at least two seeds.</li>")
            : Html.Of($"<li>Against none each candidate is tested in pairs, the same seed with and without dropout (t-test). The p-values are corrected for how many are tested (Holm 1979): those of the chosen rates for the number of variants, those of the other rates for the number of candidates. “Better” and “worse” mean a corrected p-value below {ReportText.Significant(1 - result.ConfidenceLevel)}.</li>");
        return Html.Of($"""
            <ul><li>Candidates are ranked by {view.RankedBy.FullLabel}: {view.RankedBy.LongLabel}.</li>
            <li>Validation rows decide when training stops and which rate of a variant is best; held-out rows are only used for the scores on this page.</li>
            <li>Intervals are {level} confidence intervals of the mean over seeds (Student’s t).</li>
            {test}</ul>
            """);
    }

    private static Html Fact(string name, string value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static string Classes(IReadOnlyList<string> classes) => classes.Count <= MostClasses
        ? string.Join(", ", classes)
        : $"{string.Join(", ", classes.Take(MostClasses))} and {ReportText.Count(classes.Count - MostClasses)} more";

    private static string Shape(IReadOnlyList<int> shape) => shape.Count == 1
        ? ReportText.Count(shape[0], "number")
        : $"{string.Join(" × ", shape)} (channels × height × width)";
}
