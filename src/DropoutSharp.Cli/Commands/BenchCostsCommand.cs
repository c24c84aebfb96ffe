using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench costs</c>: the constants by which thinned networks and Monte-Carlo passes choose.</summary>
internal static class BenchCostsCommand
{
    private static readonly IReadOnlyList<int> StandardWidths = [512, 1024, 2048];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "costs",
            "Measures the constants by which a thinned network chooses which layers to compute in part (ThinningCosts) and Monte-Carlo passes choose how they are computed, each by the operation that it stands for, in nanoseconds: the median over the widths, the smallest and the largest, beside what is used unless a network is handed others.",
            "dropout bench costs",
            "dropout bench costs --widths 1024,4096 --seconds 10");
        Option<IReadOnlyList<int>?> widths = NumberOption.CreateList<int>("--widths", "Inputs and outputs of the layers that are measured", "512, 1024 and 2048", 2, 1 << 16);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a width is measured", 4.0, 0, 3600, open: true);
        Option<bool> json = CommonOptions.Json("one object a constant");
        foreach (Option option in (Option[])[widths, seconds, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<CostBenchmarkCase> table = new(
                context.Output,
                parsed.GetValue(json),
                [
                    "                          nanoseconds",
                    "constant        median  smallest   largest   default",
                ],
                Line);
            ThinningCosts costs = CostBenchmark.Run(parsed.GetValue(widths) ?? StandardWidths, parsed.GetValue(seconds), table.Write, context.Cancellation);
            if (!parsed.GetValue(json))
            {
                context.Output.WriteLine();
                context.Output.WriteLine("To choose by these: new ThinnedNetwork(model, costs: " + Expression(costs) + ")");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(CostBenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture, $"{measured.Op,-13} {Short(measured.Ns),8} {Short(measured.LowNs),9} {Short(measured.HighNs),9} {Short(measured.DefaultNs),9}");

    private static string Expression(ThinningCosts costs) => string.Create(
        CultureInfo.InvariantCulture,
        $"new ThinningCosts(ProductNs: {Short(costs.ProductNs)}, WeightNs: {Short(costs.WeightNs)}, TakeNs: {Short(costs.TakeNs)}, PutNs: {Short(costs.PutNs)}, AddNs: {Short(costs.AddNs)}, StepNs: {Short(costs.StepNs)}, LayerNs: {Short(costs.LayerNs)})");

    private static string Short(double value) => (value < 100 ? double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : Math.Round(value)).ToString(CultureInfo.InvariantCulture);
}
