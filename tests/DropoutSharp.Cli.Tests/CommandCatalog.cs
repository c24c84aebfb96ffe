using System.CommandLine;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests;

/// <summary>Every command that does something, by what a user types.</summary>
internal static class CommandCatalog
{
    /// <summary>The commands without commands below them.</summary>
    public static IEnumerable<(string Path, CliCommand Command)> All => Below(DropoutProgram.CreateRoot(), string.Empty);

    /// <summary>The commands' paths, such as <c>compare</c> or <c>reproduce uci</c>.</summary>
    public static TheoryData<string> Paths => [.. All.Select(static each => each.Path)];

    private static IEnumerable<(string Path, CliCommand Command)> Below(Command parent, string prefix) => parent.Subcommands.SelectMany(command =>
        command.Subcommands.Count > 0 ? Below(command, $"{prefix}{command.Name} ") : [($"{prefix}{command.Name}", (CliCommand)command)]);
}
