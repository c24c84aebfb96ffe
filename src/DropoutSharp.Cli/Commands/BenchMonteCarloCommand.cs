using System.CommandLine;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench mc</c>: Monte-Carlo passes that compute once what they share and leave out what dropout drops.</summary>
internal static class BenchMonteCarloCommand
{
    private static readonly (string Name, bool[] Shared)[] Masks = [("shared", [true]), ("rows", [false]), ("both", [true, false])];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "mc",
            "Measures Monte-Carlo passes of a dense network beside as many passes of the same network without dropout, and beside the loop over libtorch's dropout that users of PyTorch write, turn by turn in this process: medians of the whole, and peaks of memory.",
            "dropout bench mc",
            "dropout bench mc --widths 1024 --batches 10000 --rates 0.5 --passes 100",
            "dropout bench mc --masks both --json > mc.jsonl");
        MonteCarloBenchmarkOptions standard = new();
        Option<IReadOnlyList<int>?> widths = NumberOption.CreateList<int>("--widths", "Hidden units a layer", "256, 1024 and 2048", 1, 65536);
        Option<IReadOnlyList<int>?> batches = NumberOption.CreateList<int>("--batches", "Rows", "32, 128 and 512", 1, 1 << 20);
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates", "0.2, 0.5 and 0.8", 0, 1);
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes", standard.Passes, 1, 1_000_000);
        Option<string?> masks = ChoiceOption.Create("--masks", "Whether the rows of a pass share a mask", "shared", [.. Masks.Select(static each => each.Name)]);
        Option<int> layers = NumberOption.Create("--layers", "Hidden layers", standard.Layers, 1, 1000);
        Option<int> inputs = NumberOption.Create("--inputs", "Inputs of the network", standard.Inputs, 1, 65536);
        Option<string?> way = ChoiceOption.Create("--way", "How ours are computed", "automatic", [.. Enum.GetNames<McExecution>().Select(static name => name.ToLowerInvariant())]);
        Option<int> workers = NumberOption.Create("--workers", "Passes that run at the same time, 0 for what the cost model says", standard.Workers, 0, 1024);
        Option<int> rowsAtOnce = NumberOption.Create("--rows-at-once", "The most rows that ours computes at once, 0 for what is usual", standard.RowsAtOnce, 0, 1 << 20);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a case is measured", standard.SecondsPerCase, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[widths, batches, rates, passes, masks, layers, inputs, way, workers, rowsAtOnce, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<NetworkBenchmarkCase> table = NetworkBenchmarkTable.Create(context.Output, parsed.GetValue(json));
            MonteCarloBenchmark.Run(
                new MonteCarloBenchmarkOptions
                {
                    Widths = parsed.GetValue(widths) ?? standard.Widths,
                    Batches = parsed.GetValue(batches) ?? standard.Batches,
                    Rates = parsed.GetValue(rates) ?? standard.Rates,
                    Shared = parsed.GetValue(masks) is { } asked ? Masks.First(each => each.Name == asked).Shared : standard.Shared,
                    Passes = parsed.GetValue(passes),
                    Layers = parsed.GetValue(layers),
                    Inputs = parsed.GetValue(inputs),
                    Execution = parsed.GetValue(way) is { } name ? Enum.Parse<McExecution>(name, ignoreCase: true) : McExecution.Automatic,
                    Workers = parsed.GetValue(workers),
                    RowsAtOnce = parsed.GetValue(rowsAtOnce),
                    SecondsPerCase = parsed.GetValue(seconds),
                },
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }
}
