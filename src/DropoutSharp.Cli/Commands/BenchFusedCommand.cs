using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench fused</c>: activations and residual sums in one pass with their dropout.</summary>
internal static class BenchFusedCommand
{
    private static readonly IReadOnlyList<long> StandardElements = [1 << 15, 1 << 17, 1 << 21];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "fused",
            "Measures bias, activation and dropout, and dropout and the sum with a residual, in one pass over the memory beside one operation after the other, beside libtorch's dropout, and without any dropout; forward and backward: medians, in microseconds a call.",
            "dropout bench fused",
            "dropout bench fused --elements 131072 --seconds 3");
        Option<IReadOnlyList<long>?> elements = NumberOption.CreateList<long>(
            "--elements", "How many elements the tensors have", "2^15, 2^17, 2^21", 1, 1L << 28);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a case is measured", 1.0, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a measured case");
        foreach (Option option in (Option[])[elements, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<FusedBenchmarkCase> table = new(
                context.Output,
                parsed.GetValue(json),
                [
                    "                                            microseconds a call            fused /",
                    "operation        elements  threads     fused  separate  libtorch   without  separate",
                ],
                Line);
            FusedBenchmark.Run(
                parsed.GetValue(elements) ?? StandardElements,
                parsed.GetValue(seconds),
                table.Write,
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(FusedBenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measured.Op,-15} {measured.Elements,9} {measured.Threads,8} {measured.FusedUs,9:0.0} {measured.SeparateUs,9:0.0} {measured.LibtorchUs,9:0.0} {measured.WithoutUs,9:0.0} {measured.FusedUs / measured.SeparateUs,9:0.00}");
}
