using System.Reflection;
using System.Text;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Sections;

namespace DropoutSharp.Lab.Reports;

/// <summary>Writes a comparison as one page that needs nothing else: no network, no script, no other file; light and dark.</summary>
public static class ReportWriter
{
    /// <summary>Writes the page to a file, whole or not at all.</summary>
    /// <param name="result">The comparison, complete or not.</param>
    /// <param name="path">The file, usually <c>report.html</c>; an older one is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ComparisonResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = path + ".partial";
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(Render(result)));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The page as text.</summary>
    /// <param name="result">The comparison, complete or not.</param>
    public static string Render(ComparisonResult result)
    {
        ComparisonView view = new(result);
        return "<!DOCTYPE html>\n" + Html.Of($"""
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
            <title>Which dropout? {result.Data.Name}</title>
            <style>
            {StyleSheet.Value}</style>
            </head>
            <body>
            <main>
            {AnswerSection.Render(view)}{ScoreTableSection.Render(view)}{RateSection.Render(view)}{LearningCurvesSection.Render(view)}{ReliabilitySection.Render(view)}{UnsureSection.Render(view)}{MethodSection.Render(view)}</main>
            <footer>Made by DropoutSharp {Version}.</footer>
            </body>
            </html>

            """);
    }

    private static readonly Lazy<Html> StyleSheet = new(static () =>
    {
        using Stream stream = typeof(ReportWriter).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The style sheet must be embedded in the assembly; it was not found.");
        using StreamReader reader = new(stream);
        return Html.Trusted(reader.ReadToEnd());
    });

    private static string Version => typeof(ReportWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? string.Empty;
}
