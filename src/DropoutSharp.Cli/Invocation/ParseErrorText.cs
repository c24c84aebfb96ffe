using System.CommandLine;
using System.CommandLine.Parsing;

namespace DropoutSharp.Cli.Invocation;

/// <summary>What is wrong with a command line, in one sentence, and where to read what is right.</summary>
internal static class ParseErrorText
{
    /// <summary>The first error's sentence, with the nearest name that exists and the help to read; null where nothing is wrong.</summary>
    /// <param name="parsed">What was parsed.</param>
    public static string? Of(ParseResult parsed)
    {
        string? unknown = UnknownOption(parsed) ?? (parsed.UnmatchedTokens is [string first, ..] ? first : null);
        if (unknown is null && parsed.Errors.Count == 0)
        {
            return null;
        }

        Command command = parsed.CommandResult.Command;
        string path = string.Join(' ', Chain(parsed.CommandResult).Select(static each => each.Command is RootCommand ? "dropout" : each.Command.Name).Reverse());
        string help = $"See '{path} --help'.";
        if (unknown is not null)
        {
            bool isOption = unknown.StartsWith('-');
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            IEnumerable<string> known = isOption
                ? Chain(parsed.CommandResult).SelectMany(static each => each.Command.Options.Where(option => each.IsNearest || option.Recursive)).Select(static option => option.Name)
                : command.Subcommands.Select(static subcommand => subcommand.Name);
            return $"'{path}' has no {kind} '{unknown}'.{Suggestion(unknown, known)} {help}";
        }

        if (command.Subcommands.Count > 0 && parsed.Errors[0].SymbolResult is CommandResult)
        {
            return $"A command is required: {string.Join(", ", command.Subcommands.Select(static each => each.Name))}. {help}";
        }

        return $"{parsed.Errors[0].Message.TrimEnd('.')}. {help}";
    }

    /// <summary>The first word that looks like an option and is none; the parser takes it for the value of an argument where it can.</summary>
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Select(static token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(static value => value.Length > 1 && value[0] == '-');

    private static IEnumerable<(Command Command, bool IsNearest)> Chain(CommandResult nearest)
    {
        for (SymbolResult? result = nearest; result is CommandResult each; result = each.Parent)
        {
            yield return (each.Command, each == nearest);
        }
    }

    private static string Suggestion(string received, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(candidate => Distance(received, candidate));
        return nearest is not null && Distance(received, nearest) <= Math.Max(1, received.Length / 3)
            ? $" Did you mean '{nearest}'?"
            : string.Empty;
    }

    /// <summary>Levenshtein's distance: the fewest insertions, deletions and replacements.</summary>
    private static int Distance(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
