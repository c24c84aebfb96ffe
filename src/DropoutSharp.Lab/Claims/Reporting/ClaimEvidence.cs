using System.Globalization;
using System.Text;

namespace DropoutSharp.Lab.Claims.Reporting;

/// <summary>Writes what was found about claims as a Markdown document, with a picture each in a folder beside it.</summary>
public static class ClaimEvidence
{
    /// <summary>Writes the document and the pictures.</summary>
    /// <param name="results">What was found.</param>
    /// <param name="command">The command that makes it again.</param>
    /// <param name="path">The document, such as <c>docs/evidence.md</c>; pictures go to a folder of its name beside it.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(IReadOnlyList<ClaimResult> results, string command, string path)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileNameWithoutExtension(path), folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
        Directory.CreateDirectory(folder);
        foreach (ClaimResult result in results)
        {
            Replace(Path.Combine(folder, result.Name + ".svg"), ClaimChart.RenderFile(result.Picture));
        }

        Replace(path, Render(results, command, name));
    }

    /// <summary>The document as text.</summary>
    /// <param name="results">What was found.</param>
    /// <param name="command">The command that makes it again.</param>
    /// <param name="pictures">The folder of the pictures, as seen from the document.</param>
    public static string Render(IReadOnlyList<ClaimResult> results, string command, string pictures)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new StringBuilder();
        Line(text, $"# Evidence\n");
        Line(text, $"What is said about dropout, each statement tried on data by a rule that the code fixes. Made by `{command}`, which anyone can run again; `dropout claims NAME` runs one, `--full` the long form, `--data` other data.\n");
        Line(text, $"{results.Count(result => result.Verdict == ClaimVerdict.Holds)} of {results.Count} claims hold. It took {results.Sum(result => result.Seconds) / 60:0.0} minutes, {results.Sum(result => result.ProcessorSeconds) / 60:0.0} of processor time; every figure but times repeats with the same seed. Intervals are 95 % (Student's t over seeds). A statement holds where its whole interval meets the rule, does not hold where its whole interval breaks it, and is undecided between. A claim holds where each statement holds that is not marked *beside*.\n");
        Line(text, $"| | claim | verdict |\n|---|---|---|");
        foreach (ClaimResult result in results)
        {
            Line(text, $"| {result.Number} | [{result.Name}](#{result.Number}-{result.Name}) | {ClaimText.Verdict(result.Verdict)} |");
        }

        foreach (ClaimResult result in results)
        {
            Line(text, $"\n## {result.Number}. {result.Name}\n");
            Line(text, $"> {result.Claim}\n");
            Line(text, $"**{ClaimText.Verdict(result.Verdict)}**, on {result.Data}, {result.Seconds:0} s ({result.ProcessorSeconds:0} s of processor time).\n");
            Line(text, $"![{result.Picture.Description}]({pictures}/{result.Name}.svg)\n");
            Line(text, $"| statement | measured | holds where | verdict |\n|---|---|---|---|");
            foreach (ClaimPart part in result.Parts)
            {
                Line(text, $"| {part.Statement}{(part.Decides ? "" : " *(beside)*")} | {ClaimText.Interval(part.Measured)} | {part.Rule} | {ClaimText.Verdict(part.Verdict)} |");
            }

            Line(text, $"\n{result.Method}\n\n<details><summary>Everything that was measured</summary>\n\n| | mean and interval | seeds |\n|---|---|---|");
            foreach (Measurement measured in result.Measured)
            {
                Line(text, $"| {measured.Name} | {ClaimText.Interval(measured)} | {measured.Seeds} |");
            }

            Line(text, $"\n</details>");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Replace(string path, string text)
    {
        string temporary = path + ".partial";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
