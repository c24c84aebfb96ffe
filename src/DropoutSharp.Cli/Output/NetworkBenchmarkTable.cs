using System.Globalization;
using DropoutSharp.Benchmarks;

namespace DropoutSharp.Cli.Output;

/// <summary>The table of measured cases of whole networks.</summary>
internal static class NetworkBenchmarkTable
{
    /// <summary>A table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isJson">Whether JSON is written instead.</param>
    public static MeasuredCases<NetworkBenchmarkCase> Create(TextWriter output, bool isJson) => new(
        output,
        isJson,
        [
            "                                               milliseconds     ours /   ours /     peak MiB",
            "operation        width batch rate      ours     plain  libtorch    plain libtorch     ours    plain",
        ],
        Line);

    private static string Line(NetworkBenchmarkCase measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measured.Op,-16} {measured.Width,5} {measured.Batch,5} {measured.Rate,4:0.0##} {measured.OursMs,9:0.00} {measured.PlainMs,9:0.00} {measured.LibtorchMs,9:0.00} {measured.OfPlain(),8:0.00} {measured.OfLibtorch(),8:0.00} {measured.OursPeakMb,8:0} {measured.PlainPeakMb,8:0}");
}
