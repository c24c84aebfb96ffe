using System.CommandLine;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench train</c>: training steps that do not compute what dropout drops.</summary>
internal static class BenchTrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "train",
            "Measures training steps of a dense network whose batches share masks, run thinned, beside the same network without dropout and with libtorch's, turn by turn in this process: medians, and peaks of memory.",
            "dropout bench train",
            "dropout bench train --widths 2048 --batches 128 --rates 0.5",
            "dropout bench train --optimizers sgd,adam --json > train.jsonl");
        TrainingBenchmarkOptions standard = new();
        Option<IReadOnlyList<int>?> widths = NumberOption.CreateList<int>("--widths", "Hidden units a layer", "256, 1024 and 2048", 1, 65536);
        Option<IReadOnlyList<int>?> batches = NumberOption.CreateList<int>("--batches", "Rows a batch", "32, 128 and 512", 1, 1 << 20);
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates", "0.2, 0.5 and 0.8", 0, 1);
        Option<IReadOnlyList<string>?> optimizers = ListOption.Create("--optimizers", "Optimisers: sgd, momentum, adam, adamw", "sgd", "NAME");
        Option<int> layers = NumberOption.Create("--layers", "Hidden layers", standard.Layers, 1, 1000);
        Option<int> inputs = NumberOption.Create("--inputs", "Inputs of the network", standard.Inputs, 1, 65536);
        Option<int> groups = NumberOption.Create("--groups", "Groups of rows, each with masks of its own", standard.Groups, 1, 1 << 20);
        Option<bool> always = new("--always") { Description = "Thin wherever it can be done, not only where it is expected to be faster." };
        Option<bool> whole = new("--whole-gradients") { Description = "Step every network with TorchSharp's own optimisers, which need whole gradients, instead of those that know kept parts." };
        Option<double> seconds = NumberOption.Create("--seconds", "How long a case is measured", standard.SecondsPerCase, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[widths, batches, rates, optimizers, layers, inputs, groups, always, whole, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<NetworkBenchmarkCase> table = NetworkBenchmarkTable.Create(context.Output, parsed.GetValue(json));
            TrainingBenchmark.Run(
                new TrainingBenchmarkOptions
                {
                    Widths = parsed.GetValue(widths) ?? standard.Widths,
                    Batches = parsed.GetValue(batches) ?? standard.Batches,
                    Rates = parsed.GetValue(rates) ?? standard.Rates,
                    Optimizers = parsed.GetValue(optimizers)?.Select(Optimizer).ToArray() ?? standard.Optimizers,
                    Layers = parsed.GetValue(layers),
                    Inputs = parsed.GetValue(inputs),
                    Groups = parsed.GetValue(groups),
                    Always = parsed.GetValue(always),
                    HasWholeGradients = parsed.GetValue(whole),
                    SecondsPerCase = parsed.GetValue(seconds),
                },
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static TrainingBenchmarkOptimizer Optimizer(string name) =>
        Enum.TryParse(name, ignoreCase: true, out TrainingBenchmarkOptimizer optimizer) && Enum.IsDefined(optimizer) && !char.IsDigit(name[0])
            ? optimizer
            : throw new Lab.UserErrorException($"Optimisers must be among sgd, momentum, adam, adamw; received {name}.");
}
