using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench depth</c>: whether dropped residual branches save the time that they promise.</summary>
internal static class BenchDepthCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "depth",
            "Measures forward and backward of residual networks whose branches are dropped, more often the deeper they lie, beside the same networks with every branch run, with every branch run on as few rows as are kept on average, and with rows dropped by libtorch's operations, turn by turn in this process: medians, and the blocks' share of the plain blocks' time, with its 95 % interval, beside the share that their survival probabilities promise.",
            "dropout bench depth",
            "dropout bench depth --rates 0.5 --widths 1024 --maps 64 --batches 64 --modes batch,subset --json");
        DepthBenchmarkOptions standard = new();
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates of the last block", "0.2, 0.5 and 0.8", 0, 1);
        Option<IReadOnlyList<int>?> widths = NumberOption.CreateList<int>("--widths", "Features of the dense blocks", "256 and 512, none where --maps is given", 1, 65536);
        Option<IReadOnlyList<int>?> maps = NumberOption.CreateList<int>("--maps", "Maps of the convolutional blocks, 16 by 16 each", "32, none where --widths is given", 1, 4096);
        Option<IReadOnlyList<int>?> batches = NumberOption.CreateList<int>("--batches", "Rows a batch", "128", 1, 1 << 20);
        Option<IReadOnlyList<string>?> modes = ListOption.Create("--modes", "How branches are dropped: batch, row, subset, fixedsubset, layerdrop", "all", "NAME");
        Option<int> blocks = NumberOption.Create("--blocks", "Residual blocks", standard.Blocks, 1, 1000);
        Option<int> steps = NumberOption.Create("--steps", "Steps that are measured, each with its own masks", standard.Steps, 1, 100_000);
        Option<int> turns = NumberOption.Create("--turns", "How often each step is measured", standard.Turns, 1, 100_000);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[rates, widths, maps, batches, modes, blocks, steps, turns, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<DepthBenchmarkCase> table = new(
                context.Output,
                parsed.GetValue(json),
                [
                    "                                                    ms a step                       share of the plain blocks' time           peak MiB",
                    "operation               width batch rate      ours    plain libtorch     rows  outside promised     rows measured        (95 %)   ours  plain",
                ],
                Line);
            DepthBenchmark.Run(
                new DepthBenchmarkOptions
                {
                    Rates = parsed.GetValue(rates) ?? standard.Rates,
                    Widths = parsed.GetValue(widths) ?? (parsed.GetValue(maps) is null ? standard.Widths : []),
                    Maps = parsed.GetValue(maps) ?? (parsed.GetValue(widths) is null ? standard.Maps : []),
                    Batches = parsed.GetValue(batches) ?? standard.Batches,
                    Modes = parsed.GetValue(modes)?.Select(Mode).ToArray() ?? standard.Modes,
                    Blocks = parsed.GetValue(blocks),
                    Steps = parsed.GetValue(steps),
                    Turns = parsed.GetValue(turns),
                },
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(DepthBenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measured.Op,-23} {measured.Width,5} {measured.Batch,5} {measured.Rate,4:0.0##} {measured.OursMs,9:0.00} {measured.PlainMs,8:0.00} {measured.LibtorchMs,8:0.00} {measured.RowsMs,8:0.00} {measured.OutsideMs,8:0.00} {measured.PromisedShare,8:0.000} {measured.RowsShare,8:0.000} {measured.MeasuredShare,8:0.000}  {measured.MeasuredLow,5:0.000}–{measured.MeasuredHigh:0.000} {measured.OursPeakMb,6:0} {measured.PlainPeakMb,6:0}");

    private static DepthBenchmarkMode Mode(string name) =>
        Enum.TryParse(name, ignoreCase: true, out DepthBenchmarkMode mode) && Enum.IsDefined(mode) && !char.IsDigit(name[0])
            ? mode
            : throw new Lab.UserErrorException($"Modes must be among batch, row, subset, fixedsubset, layerdrop; received {name}.");
}
