using System.CommandLine;
using System.CommandLine.Parsing;

namespace DropoutSharp.Cli.Options;

/// <summary>Options whose value is one of some words, with messages that say which.</summary>
internal static class ChoiceOption
{
    /// <summary>One of some words, or null where the option is absent.</summary>
    /// <param name="name">Such as <c>--task</c>.</param>
    /// <param name="description">What it decides.</param>
    /// <param name="without">What happens without it.</param>
    /// <param name="choices">The words.</param>
    public static Option<string?> Create(string name, string description, string without, params IReadOnlyList<string> choices)
    {
        Option<string?> option = new(name)
        {
            Description = $"{description}: {string.Join(", ", choices)}. Without it: {without}.",
            HelpName = "NAME",
            CustomParser = result => Parse(result, name, choices),
        };
        option.CompletionSources.Add([.. choices]);
        return option;
    }

    /// <summary>One of the values of an enumeration, or null where the option is absent.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="name">Such as <c>--activation</c>.</param>
    /// <param name="description">What it decides.</param>
    /// <param name="without">What happens without it.</param>
    public static Option<T?> Create<T>(string name, string description, string without)
        where T : struct, Enum
    {
        string[] choices = [.. Enum.GetNames<T>().Select(static each => each.ToLowerInvariant())];
        Option<T?> option = new(name)
        {
            Description = $"{description}: {string.Join(", ", choices)}. Without it: {without}.",
            HelpName = "NAME",
            CustomParser = result => Parse(result, name, choices) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null,
        };
        option.CompletionSources.Add(choices);
        return option;
    }

    private static string? Parse(ArgumentResult result, string name, IReadOnlyList<string> choices)
    {
        string received = result.Tokens is [{ Value: string text }] ? text : string.Empty;
        string? choice = choices.FirstOrDefault(each => each.Equals(received, StringComparison.OrdinalIgnoreCase));
        if (choice is null)
        {
            result.AddError($"{name} must be one of {string.Join(", ", choices)}; received {(received.Length == 0 ? "nothing" : received)}.");
        }

        return choice;
    }
}
