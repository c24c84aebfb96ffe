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
        return Page.Render($"Which dropout? {result.Data.Name}", Html.Of(
            $"{AnswerSection.Render(view)}{ScoreTableSection.Render(view)}{RateSection.Render(view)}{LearnedRatesSection.Render(view)}{LearningCurvesSection.Render(view)}{ReliabilitySection.Render(view)}{UnsureSection.Render(view)}{MethodSection.Render(view)}"));
    }
}
