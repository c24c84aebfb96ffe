using System.CommandLine;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout compare</c>: which dropout, at what rate, and what it gains.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "compare",
            "Trains the same network without dropout and with each variant, over several rates and seeds, and says which to use.",
            "dropout compare houses.csv --target price");
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates to try", 0, 1);
        command.Options.Add(rates);
        command.Handle((parsed, context) => throw new NotSupportedException("compare is not connected yet."));
        return command;
    }
}
