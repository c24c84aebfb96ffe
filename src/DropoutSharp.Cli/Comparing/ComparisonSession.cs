using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Comparing;

/// <summary>A comparison from its data to its report, new or resumed.</summary>
/// <param name="context">What the program lends.</param>
/// <param name="json">Whether the result is written as JSON.</param>
internal sealed class ComparisonSession(CommandContext context, bool json)
{
    private const string ReportName = "report.html";

    /// <summary>Runs a new comparison.</summary>
    /// <param name="source">The data.</param>
    /// <param name="options">What is compared and how.</param>
    /// <param name="output">The run's folder; null for a new one below <c>runs</c>.</param>
    public int Start(RunSource source, ComparisonOptions options, string? output)
    {
        options.Check();
        PreparedData data = DataPreparation.Prepare(source.DataPath, source.Options);
        string path = output ?? RunFolderName.Create("runs", data.Name, context.Time, Path.Exists);
        using RunFolder folder = RunFolder.Create(path, data, options, source.ToSaved());
        return Run(data, folder, path, remark: options.Variants?.Any(VariantCatalog.IsAll) == true ? LeftOut(folder.Configuration.Options.Network) : null);
    }

    /// <summary>Goes on with a comparison that was stopped.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="workers">Trainings that run at the same time; null for as many as suit the machine.</param>
    public int Resume(string path, int? workers)
    {
        RunConfiguration configuration = RunFolder.ReadConfiguration(path);
        RunSource source = RunSource.FromSaved(configuration.Source, path);
        PreparedData data = DataPreparation.Prepare(source.DataPath, source.Options);
        using RunFolder folder = RunFolder.Resume(path, data, configuration.Options with { Workers = workers });
        return Run(data, folder, path, workers);
    }

    private static string? LeftOut(NetworkOptions network)
    {
        string[] left = [.. VariantCatalog.All.Where(variant => !variant.Suits(network)).Select(static variant => $"{variant.Id} (needs {variant.Needs})")];
        return left.Length == 0 ? null : $"Left out with network {network.Kind} and activation {network.Activation.ToString().ToLowerInvariant()}: {string.Join(", ", left)}.";
    }

    private int Run(PreparedData data, RunFolder folder, string path, int? workers = null, string? remark = null)
    {
        ComparisonOptions options = folder.Configuration.Options with { Workers = workers ?? folder.Configuration.Options.Workers };
        string opening =
            $"Comparing on {data.Name}: {ReportText.Count(data.Train.Count)} rows to learn from, {ReportText.Count(data.Validation.Count)} to validate, "
            + $"{ReportText.Count(data.Test.Count)} held out; {data.Task.ToString().ToLowerInvariant()} of {data.Target}. Everything goes to {path}.";
        foreach (string line in Screen.Wrap(opening, Screen.Width).Concat(remark is null ? [] : Screen.Wrap(remark, Screen.Width)))
        {
            context.Error.WriteLine(line);
        }

        ComparisonResult result = TrainingProgress.Show(
            context.Error, context.Time, progress => Comparer.Run(data, options, folder, progress, context.Cancellation));
        result = result with { Configuration = ConfigurationText.Of(options) };
        string report = Path.Combine(path, ReportName);
        ReportWriter.Write(result, report);
        Write(result, path, report);
        return result.Complete ? ExitCode.Success : context.StoppedExitCode;
    }

    private void Write(ComparisonResult result, string path, string report)
    {
        string next = result.Complete ? string.Empty : $"Stopped before the end. Go on with: dropout compare --resume {path}";
        if (json)
        {
            JsonOutput.Write(context.Output, ComparisonJson.Of(result, Path.GetFullPath(path), Path.GetFullPath(report)));
            context.Error.WriteLine(result.Complete ? $"Report: {report}" : next);
            return;
        }

        ComparisonView view = new(result);
        if (view.Trained.Count > 0)
        {
            ComparisonTable.Write(view, context.Output, Screen.Width);
            context.Output.WriteLine();
        }

        foreach (string line in Screen.Wrap(result.Verdict?.Sentence ?? next, Screen.Width))
        {
            context.Output.WriteLine(line);
        }

        context.Output.WriteLine();
        context.Output.WriteLine($"Report: {report} (took {ReportText.Seconds(result.Seconds)})");
        if (File.Exists(Path.Combine(path, "model", ModelFolder.DescriptionName)))
        {
            context.Output.WriteLine($"Model:  {Path.Combine(path, "model")}. Predict with: dropout predict {path} DATA");
        }
    }
}
