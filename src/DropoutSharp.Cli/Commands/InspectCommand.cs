using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Inspection;
using DropoutSharp.Lab.Models;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout inspect</c>: what is wrong with a model's dropout, and what to do; what dropout did to it.</summary>
internal static class InspectCommand
{
    private const int ShiftPasses = 16;
    private const int AveragePasses = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "inspect",
            "Runs a saved model, watches its dropout, and says what is wrong with it and what to do: dropout before BatchNorm with the size of the shift, rates that do nothing, dropout on logits, paths dropped row by row around BatchNorm.",
            "dropout inspect models/digits --data digits",
            "dropout inspect models/digits --data digits --recompute models/digits-repaired",
            "dropout inspect models/digits --data digits --weight-scaling --against models/plain");
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
        Option<bool> scaling = new("--weight-scaling")
        {
            Description = "Hold the model with dropout off against the average of its sub-networks, for which it stands, on --data with targets.",
        };
        Option<string?> against = new("--against")
        {
            Description = "Another model of the same target: how much the units of a hidden layer rely on each other in either, on --data with targets.",
            HelpName = "MODEL",
        };
        Option<string?> layer = new("--layer")
        {
            Description = "The path of the activation that --against looks at, such as dense1_relu. Without it: the last that both have.",
            HelpName = "PATH",
        };
        Option<int?> passes = NumberOption.CreateOptional<int>(
            "--passes", "Over how many masks is averaged", $"{ShiftPasses} for the variance in training, {AveragePasses} for --weight-scaling", 2, 100_000);
        Option<bool> json = CommonOptions.Json("one object with sites, shifts, findings, weight scaling and co-adaptation");
        command.Arguments.Add(path);
        foreach (Option option in (Option[])[data, recompute, scaling, against, layer, passes, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            string? destination = parsed.GetValue(recompute), rows = parsed.GetValue(data), other = parsed.GetValue(against);
            Require(rows, "--recompute", destination is not null, "the rows that the model was trained on");
            Require(rows, "--weight-scaling", parsed.GetValue(scaling), "rows with targets");
            Require(rows, "--against", other is not null, "rows with targets");
            if (other is null && parsed.GetValue(layer) is not null)
            {
                throw new UserErrorException("--layer needs --against, the model to compare with.");
            }

            using Model model = ModelFolder.Load(ModelPath.Find(parsed.GetRequiredValue(path)));
            using Model? compared = other is null ? null : ModelFolder.Load(ModelPath.Find(other));
            InspectionReport report = ModelInspection.Inspect(model, rows, parsed.GetValue(passes) ?? ShiftPasses);
            InspectionResult result = new(
                report.Sites, report.Shifts, report.Findings, report.HasWarnings,
                parsed.GetValue(scaling) ? ModelInspection.MeasureWeightScaling(model, rows!, parsed.GetValue(passes) ?? AveragePasses) : null,
                compared is null ? null : ModelInspection.CompareCoAdaptation(model, compared, rows!, parsed.GetValue(layer)));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, result);
            }
            else
            {
                Write(result, context.Output);
            }

            if (destination is not null)
            {
                int layers = ModelInspection.Recompute(model, rows!, destination);
                context.Error.WriteLine(layers == 0
                    ? "The model has no BatchNorm that remembers statistics; nothing was recomputed or saved."
                    : $"Statistics of {layers} BatchNorm {(layers == 1 ? "layer" : "layers")} recomputed with dropout off: {destination}. It is not calibrated any more: dropout calibrate {destination} DATA.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Require(string? rows, string option, bool isGiven, string what)
    {
        if (isGiven && rows is null)
        {
            throw new UserErrorException($"{option} needs --data, {what}.");
        }
    }

    private static void Write(InspectionResult result, TextWriter output)
    {
        foreach (InspectedSite site in result.Sites)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"site     {site.Path}: {site.Kind}, rate {site.DropRate:0.###}, on ({string.Join(", ", site.Shape)})"));
        }

        foreach (Finding finding in result.Findings)
        {
            output.WriteLine($"{(finding.Severity == FindingSeverity.Warning ? "warning" : "note   ")}  [{finding.Rule}] {finding.Message}");
            if (finding.Advice.Length > 0)
            {
                output.WriteLine($"         {finding.Advice}");
            }
        }

        int warnings = result.Findings.Count(static finding => finding.Severity == FindingSeverity.Warning);
        output.WriteLine(warnings == 0 ? "Nothing is wrong with this model's dropout." : $"{warnings} {(warnings == 1 ? "warning" : "warnings")}.");
        if (result.WeightScaling is { } scaling)
        {
            output.WriteLine();
            WeightScalingText.Write(scaling, output);
        }

        if (result.CoAdaptation is { } pair)
        {
            output.WriteLine();
            CoAdaptationText.Write(pair, output);
        }
    }
}
