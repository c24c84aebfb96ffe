using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench modules</c>: Dropout, SpatialDropout2d and DropBlock2d beside libtorch's, from small tensors on.</summary>
internal static class BenchModulesCommand
{
    private static readonly IReadOnlyList<long> StandardElements = [16, 256, 1024, 4096, 65536, 1048576];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "modules",
            "Measures Dropout, SpatialDropout2d and DropBlock2d (maps of 16×16 and 28×28, blocks of 7) beside libtorch's and a module that does nothing, forward alone and with the backward pass: medians, in microseconds a call.",
            "dropout bench modules",
            "dropout bench modules --elements 16,256 --threads 1,2 --seconds 3",
            "dropout bench modules --elements 65536 --rates 0.1,0.5 --json");
        Option<IReadOnlyList<long>?> elements = NumberOption.CreateList<long>(
            "--elements", "How many elements the tensors have", "16 to 2^20", 1, 1L << 28);
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates", "0.5", 0, 1, open: true);
        Option<IReadOnlyList<int>?> threads = NumberOption.CreateList<int>("--threads", "How many threads compute", "as many as libtorch uses", 1, 1024);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a case is measured", 1.0, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[elements, rates, threads, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<ModuleBenchmarkCase> table = new(
                context.Output,
                parsed.GetValue(json),
                [
                    "                                                                              microseconds a call            libtorch / ours",
                    "operation               module                  elements threads rate      ours elementwise  libtorch   nothing    whole    added",
                ],
                Line);
            ModuleBenchmark.Run(
                parsed.GetValue(elements) ?? StandardElements,
                parsed.GetValue(rates) ?? [0.5],
                parsed.GetValue(threads) ?? [],
                parsed.GetValue(seconds),
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(ModuleBenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measured.Op,-23} {measured.Module,-22} {measured.Elements,9} {measured.Threads,7} {measured.Rate,4:0.0##} {measured.OursUs,9:0.00} {measured.ElementwiseUs,11:0.00} {measured.LibtorchUs,9:0.00} {measured.NothingUs,9:0.00} {measured.LibtorchUs / measured.OursUs,8:0.00} {measured.Added,8:0.00}");
}
