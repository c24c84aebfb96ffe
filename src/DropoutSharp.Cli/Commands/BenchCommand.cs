using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench</c>: the dropout kernel beside libtorch's and a memory copy.</summary>
internal static class BenchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "bench",
            "Measures dropout on float32 tensors beside libtorch's dropout and a plain memory copy, turn by turn in this process: medians, in nanoseconds an element.",
            "dropout bench",
            "dropout bench --elements 65536,16777216 --threads 1 --keep 0.5",
            "dropout bench --json > bench.jsonl");
        Option<IReadOnlyList<long>?> elements = NumberOption.CreateList<long>(
            "--elements", "How many elements the tensors have", "2^12 to 2^24 in steps of a factor of 4", 1, 1L << 32);
        Option<IReadOnlyList<int>?> threads = NumberOption.CreateList<int>("--threads", "How many threads may work", "1 and 2", 1, 1024);
        Option<IReadOnlyList<double>?> keep = NumberOption.CreateList<double>("--keep", "Keep probabilities", "0.5 and 0.8", 0, 1, open: true);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a case is measured", 1.5, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[elements, threads, keep, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Subcommands.Add(BenchModulesCommand.Create());
        command.Subcommands.Add(BenchFusedCommand.Create());
        command.Subcommands.Add(BenchVariantsCommand.Create());
        command.Subcommands.Add(BenchDepthCommand.Create());
        command.Subcommands.Add(BenchTrainCommand.Create());
        command.Subcommands.Add(BenchCostsCommand.Create());
        command.Subcommands.Add(BenchMonteCarloCommand.Create());
        command.Handle((parsed, context) =>
        {
            DropoutBenchmarkOptions standard = new();
            DropoutBenchmarkOptions options = new()
            {
                Elements = parsed.GetValue(elements) ?? standard.Elements,
                Threads = parsed.GetValue(threads) ?? [.. standard.Threads.Where(static count => count <= Environment.ProcessorCount)],
                KeepProbabilities = parsed.GetValue(keep) ?? standard.KeepProbabilities,
                SecondsPerCase = parsed.GetValue(seconds),
            };
            MeasuredCases<BenchmarkCase> table = new(
                context.Output,
                parsed.GetValue(json),
                [
                    "                        ns an element                     libtorch      ours",
                    "  elements threads keep      ours  libtorch      copy       / ours    / copy",
                ],
                Line);
            DropoutBenchmark.Run(
                options,
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(BenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Size(measured.Elements),10} {measured.Threads,7} {measured.Keep,4:0.0##} {measured.OursNs,9:0.000} {measured.LibtorchNs,9:0.000} {measured.CopyNs,9:0.000} {measured.TimesLibtorch(),12:0.0} {measured.TimesCopy(),9:0.00}");

    private static string Size(long elements) =>
        long.IsPow2(elements) ? $"2^{long.Log2(elements)}" : elements.ToString(CultureInfo.InvariantCulture);
}
