using System.CommandLine;

namespace DropoutSharp.Cli.Options;

/// <summary>Options that several commands share; each call makes a new one, as an option belongs to one command.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    /// <param name="what">What is written, such as "one object a measured case".</param>
    public static Option<bool> Json(string what) => new("--json") { Description = $"Write JSON to stdout: {what}." };

    /// <summary><c>--seed</c>.</summary>
    /// <param name="description">What it seeds.</param>
    /// <param name="defaultValue">The value where the option is absent.</param>
    public static Option<ulong> Seed(string description, ulong defaultValue = 0) => NumberOption.Create<ulong>("--seed", description, defaultValue, 0);
}
