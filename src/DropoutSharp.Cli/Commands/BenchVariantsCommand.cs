using System.CommandLine;
using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout bench variants</c>: what each variant costs in a training step.</summary>
internal static class BenchVariantsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "variants",
            "Measures a training step with each variant between two of the same network without dropout, again and again: median milliseconds, what the variant adds with the 95 % interval of that median, and the share of the step that it takes. Below zero a variant saves time. Last stands the most memory that a step holds beyond what it finds, without and with the variant, in mebibytes.",
            "dropout bench variants",
            "dropout bench variants --networks dense,conv --seconds 5",
            "dropout bench variants --rate 0.5 --json");
        Option<double> rate = NumberOption.Create("--rate", "The drop rate", 0.5, 0, 1, open: true);
        Option<double> seconds = NumberOption.Create("--seconds", "How long a variant is measured", 1.5, 0, 3600, open: true);
        Option<IReadOnlyList<string>?> networks = ListOption.Create(
            "--networks", $"Which networks are trained: {string.Join(", ", VariantBenchmark.Networks)}", "all of them", "NETWORK");
        networks.Validators.Add(static result =>
        {
            foreach (string word in (result.GetValueOrDefault<IReadOnlyList<string>?>() ?? []).Except(VariantBenchmark.Networks, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"--networks must be of {string.Join(", ", VariantBenchmark.Networks)}; received '{word}'.");
            }
        });
        Option<bool> json = CommonOptions.Json("one object a variant");
        foreach (Option option in (Option[])[rate, seconds, networks, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MeasuredCases<VariantCost> table = new(context.Output, parsed.GetValue(json), [], Line);
            VariantBenchmark.Run(
                parsed.GetValue(rate),
                parsed.GetValue(seconds),
                table.Write,
                parsed.GetValue(networks),
                context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(VariantCost measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measured.Network,-46} {measured.Variant,-33} {measured.PlainMs,8:0.000} → {measured.WithMs,8:0.000} ms {measured.AddedMs,8:+0.000;-0.000} [{measured.AddedLowMs:+0.000;-0.000}, {measured.AddedHighMs:+0.000;-0.000}] ms {100 * measured.Share,6:0.0} % [{100 * measured.ShareLow:0.0}, {100 * measured.ShareHigh:0.0}], {measured.Pairs} pairs, {measured.PlainPeakMb:0.0} → {measured.WithPeakMb:0.0} MiB");
}
