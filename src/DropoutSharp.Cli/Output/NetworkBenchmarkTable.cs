using System.Globalization;
using DropoutSharp.Benchmarks;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Output;

/// <summary>Measured cases of whole networks, each written as soon as it is there: lines of a table, or one JSON object a line.</summary>
/// <param name="output">Where to.</param>
/// <param name="isJson">Whether JSON is written.</param>
internal sealed class NetworkBenchmarkTable(TextWriter output, bool isJson)
{
    private bool _hasHeading;

    /// <summary>Writes a case.</summary>
    /// <param name="measured">The case.</param>
    public void Write(NetworkBenchmarkCase measured)
    {
        if (isJson)
        {
            JsonOutput.Write(output, measured);
        }
        else
        {
            WriteHeading();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{measured.Op,-16} {measured.Width,5} {measured.Batch,5} {measured.Rate,4:0.0##} {measured.OursMs,9:0.00} {measured.PlainMs,9:0.00} {measured.LibtorchMs,9:0.00} {measured.OfPlain(),8:0.00} {measured.OfLibtorch(),8:0.00} {measured.OursPeakMb,8:0} {measured.PlainPeakMb,8:0}"));
        }

        output.Flush();
    }

    private void WriteHeading()
    {
        if (_hasHeading)
        {
            return;
        }

        _hasHeading = true;
        output.WriteLine("                                               milliseconds     ours /   ours /     peak MiB");
        output.WriteLine("operation        width batch rate      ours     plain  libtorch    plain libtorch     ours    plain");
    }
}
