using System.CommandLine;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests;

/// <summary>Every command that does something, by what a user types.</summary>
internal static class CommandCatalog
{
    /// <summary>The commands that run something themselves, whether or not there are commands below them.</summary>
    public static IEnumerable<(string Path, CliCommand Command)> All => Below(DropoutProgram.CreateRoot(), string.Empty);

    /// <summary>The commands' paths, such as <c>compare</c> or <c>reproduce uci</c>.</summary>
    public static TheoryData<string> Paths => [.. All.Select(static each => each.Path)];

    private static IEnumerable<(string Path, CliCommand Command)> Below(Command parent, string prefix) => parent.Subcommands.SelectMany(command =>
        Below(command, $"{prefix}{command.Name} ").Concat(command is CliCommand { Action: not null } own ? [($"{prefix}{command.Name}", own)] : []));
}
