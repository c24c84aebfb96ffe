using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Literature;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout reproduce sparse</c>: variational dropout prunes a network.</summary>
internal static class ReproduceSparseCommand
{
    /// <summary>The command.</summary>
    public static CliCommand Create()
    {
        CliCommand command = new(
            "sparse",
            "Sparse variational dropout (Molchanov et al. 2017) on LeNet-300-100: test error and compression after pruning, beside 1.92 % at 68 on MNIST.",
            "dropout reproduce sparse --data shared/data/mnist",
            "dropout reproduce sparse --epochs 100 --json");
        SparseNetworkOptions defaults = new();
        Option<string?> data = new("--data") { Description = "Images or a table of classes, as compare takes them (default: the embedded digits).", HelpName = "PATH" };
        Option<int> epochs = NumberOption.Create("--epochs", "How often each row is seen", defaults.Epochs, 1);
        Option<int> warmUp = NumberOption.Create("--warm-up", "Over how many epochs the divergence grows to its full weight", defaults.WarmUpEpochs, 0);
        Option<int> batch = NumberOption.Create("--batch-size", "Rows a step", defaults.BatchSize, 1);
        Option<double> rate = NumberOption.Create("--learning-rate", "Adam's step size at first; it falls to zero", defaults.LearningRate, 0.0, 1.0);
        Option<ulong> seed = CommonOptions.Seed("Decides first weights, row order and noise");
        Option<bool> json = CommonOptions.Json("one object");
        foreach (Option option in (Option[])[data, epochs, warmUp, batch, rate, seed, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            SparseNetworkOptions options = new(
                parsed.GetValue(epochs), parsed.GetValue(warmUp), parsed.GetValue(batch), parsed.GetValue(rate), parsed.GetValue(seed));
            PreparedData prepared = DataPreparation.Prepare(parsed.GetValue(data), new DatasetOptions { ValidationShare = 0.01 });
            SparseNetworkResult result = SparseNetwork.Run(
                prepared, options,
                (epoch, loss, compression) => context.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"Epoch {epoch} of {options.Epochs}: loss {loss:0.0000}, compression {compression:0.0}")),
                context.Cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, result);
                return ExitCode.Success;
            }

            TextTable table = new(new("layer", IsNumber: false), new("weights"), new("kept"), new("sparsity"));
            foreach (PrunedLayer layer in result.Layers)
            {
                table.Add(layer.Path, Text(layer.Weights), Text(layer.Kept), Percent(layer.Sparsity));
            }

            table.Write(context.Output, Screen.Width);
            context.Output.WriteLine();
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Test error {Percent(result.TestError)}, after pruning {Percent(result.PrunedTestError)}; compression {result.Compression:0.0}; {result.Seconds:0} s."));
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"As a smaller network {string.Join("-", result.UnitsLeft)}: {result.CompressedBytes} bytes instead of {result.DenseBytes}, class scores within {result.LargestDifference:0.0e0} of the pruned network's."));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
