using System.Globalization;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Output;

/// <summary>Writes how far weight scaling is from the average of sub-networks, for a terminal.</summary>
internal static class WeightScalingText
{
    /// <summary>Writes one report.</summary>
    /// <param name="report">What was measured, with targets.</param>
    /// <param name="output">Where to.</param>
    public static void Write(WeightScalingReport report, TextWriter output)
    {
        output.WriteLine($"Weight scaling against {report.Passes} sub-networks, on {report.Rows} rows:");
        TextTable table = new(new("", IsNumber: false), new("weight scaling"), new("arithmetic mean"), new("geometric mean"));
        table.Add("negative log-likelihood, nats", Number(report.WeightScalingNll), Number(report.ArithmeticNll), Number(report.GeometricNll));
        table.Add("accuracy, %", Percent(report.WeightScalingAccuracy), Percent(report.ArithmeticAccuracy), "");
        table.Add("divergence of weight scaling from it, nats", "", Number(report.ArithmeticDivergence), Number(report.GeometricDivergence));
        table.Add("total variation from weight scaling", "", Number(report.ArithmeticDistance), Number(report.GeometricDistance));
        table.Write(output, Screen.Width);
        output.WriteLine($"They choose the same class in {Percent(report.Agreement)} % of the rows.");
        output.WriteLine(report.ArithmeticDivergence <= 2 * report.NoiseFloor
            ? $"The divergence from the arithmetic mean is hardly more than so few passes leave by chance ({Number(report.NoiseFloor)} nats): raise --passes to see more."
            : $"By chance so few passes leave a divergence of about {Number(report.NoiseFloor)} nats.");
    }

    private static string Number(double? value) => value?.ToString(Math.Abs(value.Value) < 0.001 ? "0.0E0" : "0.0000", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double? share) => (100 * share)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
