using System.CommandLine;

namespace DropoutSharp.Cli.Options;

/// <summary>Options whose value is several words, separated by commas.</summary>
internal static class ListOption
{
    /// <summary>Several words, or null where the option is absent.</summary>
    /// <param name="name">Such as <c>--variants</c>.</param>
    /// <param name="description">What they are.</param>
    /// <param name="without">What happens without the option; null where that is plain.</param>
    /// <param name="helpName">What one word is called in the help, such as <c>COLUMN</c>.</param>
    public static Option<IReadOnlyList<string>?> Create(string name, string description, string? without, string helpName) => new(name)
    {
        Description = without is null ? $"{description}." : $"{description}. Without it: {without}.",
        HelpName = $"{helpName},…",
        CustomParser = result =>
        {
            string[] words = [.. result.Tokens.SelectMany(static token => token.Value.Split(',', StringSplitOptions.TrimEntries))];
            if (words.Length == 0 || words.Contains(string.Empty))
            {
                result.AddError($"{name} must be names separated by commas; received '{string.Join(' ', result.Tokens.Select(static token => token.Value))}'.");
            }

            return words;
        },
    };
}
