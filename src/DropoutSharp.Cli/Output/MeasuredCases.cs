using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Output;

/// <summary>The cases that a benchmark measures, each written as soon as it is there: lines of a table, or one JSON object a line.</summary>
/// <typeparam name="T">A case.</typeparam>
/// <param name="output">Where to.</param>
/// <param name="isJson">Whether JSON is written.</param>
/// <param name="heading">The lines above the table, written before its first case.</param>
/// <param name="line">A case as a line of the table.</param>
internal sealed class MeasuredCases<T>(TextWriter output, bool isJson, IReadOnlyList<string> heading, Func<T, string> line)
{
    private bool _hasHeading;

    /// <summary>Writes a case.</summary>
    /// <param name="measured">The case.</param>
    public void Write(T measured)
    {
        if (isJson)
        {
            JsonOutput.Write(output, measured);
        }
        else
        {
            WriteHeading();
            output.WriteLine(line(measured));
        }

        output.Flush();
    }

    private void WriteHeading()
    {
        if (!_hasHeading)
        {
            _hasHeading = true;
            foreach (string each in heading)
            {
                output.WriteLine(each);
            }
        }
    }
}
