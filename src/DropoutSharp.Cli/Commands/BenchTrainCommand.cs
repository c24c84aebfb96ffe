using System.CommandLine;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Pictures;

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
            "dropout bench train --optimizers sgd,adam --json > train.jsonl",
            "dropout bench train --widths 2048 --batches 128 --rates 0,0.25,0.5,0.75 --picture times.svg");
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
        Option<string?> picture = PictureOption.Create("the times by drop rate, of one width, batch and optimiser");
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[widths, batches, rates, optimizers, layers, inputs, groups, always, whole, seconds, picture, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            TrainingBenchmarkOptions options = new()
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
            };
            if (parsed.GetValue(picture) is not null && (options.Widths.Count, options.Batches.Count, options.Optimizers.Count) != (1, 1, 1))
            {
                throw new UserErrorException("A picture must be of one width, one batch and one optimiser; received several.");
            }

            MeasuredCases<NetworkBenchmarkCase> table = NetworkBenchmarkTable.Create(context.Output, parsed.GetValue(json));
            List<NetworkBenchmarkCase> cases = [];
            TrainingBenchmark.Run(
                options,
                measured =>
                {
                    table.Write(measured);
                    cases.Add(measured);
                },
                context.Cancellation);
            PictureOption.Save(parsed.GetValue(picture), () => Draw(cases));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Draw(List<NetworkBenchmarkCase> cases)
    {
        NetworkBenchmarkCase[] sorted = [.. cases.OrderBy(static each => each.Rate)];
        return TimesPicture.Draw(
            $"Time of a training step by drop rate, width {sorted[0].Width}, batch {sorted[0].Batch}: thinned, without dropout, and with libtorch's",
            "Milliseconds a training step",
            [("thinned", Times(static each => each.OursMs)), ("no dropout", Times(static each => each.PlainMs)), ("libtorch's dropout", Times(static each => each.LibtorchMs))]);

        (double, double)[] Times(Func<NetworkBenchmarkCase, double> time) => [.. sorted.Select(each => (each.Rate, time(each)))];
    }

    private static TrainingBenchmarkOptimizer Optimizer(string name) =>
        Enum.TryParse(name, ignoreCase: true, out TrainingBenchmarkOptimizer optimizer) && Enum.IsDefined(optimizer) && !char.IsDigit(name[0])
            ? optimizer
            : throw new UserErrorException($"Optimisers must be among sgd, momentum, adam, adamw; received {name}.");
}
