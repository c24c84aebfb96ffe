using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Pruning;
using DropoutSharp.Lab.Reports;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout prune</c>: takes the weights that variational dropout found to be noise out of a saved model.</summary>
internal static class PruneCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "prune",
            "Takes the weights that sparse variational dropout found to be noise out of a model, and says what is left of each layer and what it changed.",
            "dropout train mnist --variant sparse --rate 0.05 --network mlp --patience 0 --output models/mnist",
            "dropout prune models/mnist mnist --output models/mnist-pruned",
            "dropout prune models/mnist mnist --dense --output models/mnist-small");
        PruningOptions defaults = new();
        Argument<string> model = new("MODEL") { Description = "The folder of a model that was trained with --variant sparse, or of a run of dropout compare." };
        Argument<string?> data = new("DATA")
        {
            Description = "Rows with targets that the model was not trained on, to judge and calibrate what is left; of data with a test part that part. Without it: neither.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> output = new("--output") { Description = "The folder of the pruned model.", HelpName = "DIR", Required = true };
        Option<double> threshold = NumberOption.Create<double>("--threshold", "The ln α above which a weight is taken out; 3 is a drop rate of 0.95", defaults.LogAlphaThreshold, -8, 8);
        Option<bool> dense = new("--dense") { Description = "Save a smaller network of plain dense layers, without the units that vanished, instead of the same one with zeros." };
        Option<string?> compressed = new("--compressed") { Description = "Write the layers as compressed sparse rows to this safetensors file too.", HelpName = "FILE" };
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes of the calibration", defaults.Passes, 1, 1_000_000);
        Option<ulong> seed = CommonOptions.Seed("Decides the masks of the calibration");
        Option<bool> json = CommonOptions.Json("one object");
        command.Arguments.Add(model);
        command.Arguments.Add(data);
        Option[] options = [output, threshold, dense, compressed, passes, seed, json];
        Array.ForEach(options, command.Options.Add);
        command.Handle((parsed, context) =>
        {
            using Model loaded = ModelFolder.Load(ModelPath.Find(parsed.GetRequiredValue(model)));
            PrunedModel pruned = ModelPruning.Run(loaded, parsed.GetValue(data), parsed.GetRequiredValue(output), new()
            {
                LogAlphaThreshold = parsed.GetValue(threshold),
                AsDense = parsed.GetValue(dense),
                CompressedFile = parsed.GetValue(compressed),
                Passes = parsed.GetValue(passes),
                Seed = parsed.GetValue(seed),
            });
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, pruned);
            }
            else
            {
                Write(pruned, context.Output);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(PrunedModel pruned, TextWriter output)
    {
        TextTable table = new(new("layer", IsNumber: false), new("weights"), new("kept"), new("sparsity"));
        foreach (PrunedLayer layer in pruned.Layers)
        {
            table.Add(layer.Path, ReportText.Count(layer.Weights), ReportText.Count(layer.Kept), Text($"{100 * layer.Sparsity:0.00} %"));
        }

        table.Write(output, Screen.Width);
        output.WriteLine();
        output.WriteLine(Text($"Compression of these layers: {pruned.Compression:0.0}."));
        if (pruned.Score is not null)
        {
            output.WriteLine(Text($"On {ReportText.Count(pruned.Rows, "row")}: {pruned.Score} {pruned.Before:0.####} before, {pruned.After:0.####} after."));
        }

        if (pruned.UnitsLeft.Count > 0)
        {
            output.WriteLine($"As a smaller network {string.Join("-", pruned.UnitsLeft)}: {ReportText.Count(pruned.CompressedBytes!.Value)} bytes as compressed rows instead of {ReportText.Count(pruned.DenseBytes)}.");
        }

        output.WriteLine($"Model: {pruned.Model}{(pruned.Score is null ? ", not calibrated" : "")}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
