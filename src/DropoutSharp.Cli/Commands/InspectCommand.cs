using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Inspection;
using DropoutSharp.Lab.Models;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout inspect</c>: what is wrong with a model's dropout, and what to do.</summary>
internal static class InspectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "inspect",
            "Runs a saved model, watches its dropout, and says what is wrong with it and what to do: dropout before BatchNorm with the size of the shift, rates that do nothing, dropout on logits, paths dropped row by row around BatchNorm.",
            "dropout inspect models/digits --data digits",
            "dropout inspect models/digits --data digits --recompute models/digits-repaired");
        Argument<string> path = new("MODEL") { Description = "The folder of a model, or of a run of dropout compare." };
        Option<string?> data = new("--data")
        {
            Description = "Rows to run it on, with the columns that it was trained on (default: random numbers, which show what the model's parts do but not the size that shifts have on your data).",
            HelpName = "PATH",
        };
        Option<string?> recompute = new("--recompute")
        {
            Description = "Compute BatchNorm's statistics anew on --data with dropout off, and save the model to this folder.",
            HelpName = "FOLDER",
        };
        Option<int> passes = NumberOption.Create("--passes", "Over how many masks variance in training is averaged", 16, 1, 100_000);
        Option<bool> json = CommonOptions.Json("one object with sites, shifts and findings");
        command.Arguments.Add(path);
        foreach (Option option in (Option[])[data, recompute, passes, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            string? destination = parsed.GetValue(recompute), rows = parsed.GetValue(data);
            if (destination is not null && rows is null)
            {
                throw new UserErrorException("--recompute needs --data, the rows that the model was trained on.");
            }

            using Model model = ModelFolder.Load(FindModel(parsed.GetRequiredValue(path)));
            InspectionReport report = ModelInspection.Inspect(model, rows, parsed.GetValue(passes));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, report);
            }
            else
            {
                Write(report, context.Output);
            }

            if (destination is not null)
            {
                int layers = ModelInspection.Recompute(model, rows!, destination);
                context.Error.WriteLine(layers == 0
                    ? "The model has no BatchNorm that remembers statistics; nothing was recomputed or saved."
                    : $"Statistics of {layers} BatchNorm {(layers == 1 ? "layer" : "layers")} recomputed with dropout off: {destination}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(InspectionReport report, TextWriter output)
    {
        foreach (InspectedSite site in report.Sites)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"site     {site.Path}: {site.Kind}, rate {site.DropRate:0.###}, on ({string.Join(", ", site.Shape)})"));
        }

        foreach (Finding finding in report.Findings)
        {
            output.WriteLine($"{(finding.Severity == FindingSeverity.Warning ? "warning" : "note   ")}  [{finding.Rule}] {finding.Message}");
            if (finding.Advice.Length > 0)
            {
                output.WriteLine($"         {finding.Advice}");
            }
        }

        int warnings = report.Findings.Count(static finding => finding.Severity == FindingSeverity.Warning);
        output.WriteLine(warnings == 0 ? "Nothing is wrong with this model's dropout." : $"{warnings} {(warnings == 1 ? "warning" : "warnings")}.");
    }

    /// <summary>A model's own folder, or the model in the folder of a run.</summary>
    private static string FindModel(string path)
    {
        string inRun = Path.Combine(path, "model");
        return !File.Exists(Path.Combine(path, ModelFolder.DescriptionName)) && File.Exists(Path.Combine(inRun, ModelFolder.DescriptionName)) ? inRun : path;
    }
}
