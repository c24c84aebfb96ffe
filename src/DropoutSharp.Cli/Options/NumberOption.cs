using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace DropoutSharp.Cli.Options;

/// <summary>Options whose value is a number in a range, with messages that say the range and what was received.</summary>
internal static class NumberOption
{
    /// <summary>A number in a range, with a default.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="name">Such as <c>--seeds</c>.</param>
    /// <param name="description">What it is, with its unit; range and default are added to it.</param>
    /// <param name="defaultValue">The value where the option is absent.</param>
    /// <param name="minimum">The least value; null for no bound.</param>
    /// <param name="maximum">The greatest value; null for no bound.</param>
    /// <param name="open">Whether the bounds themselves are outside.</param>
    public static Option<T> Create<T>(string name, string description, T defaultValue, T? minimum = null, T? maximum = null, bool open = false)
        where T : struct, INumber<T>
    {
        ValueRange<T> range = new(minimum, maximum, open);
        return new(name)
        {
            Description = $"{description} ({range.Brief}).",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => range.Parse(result, name) ?? default,
            HelpName = "NUMBER",
        };
    }

    /// <summary>A number in a range, or null where the option is absent.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="name">Such as <c>--seeds</c>.</param>
    /// <param name="description">What it is, with its unit; the range is added to it.</param>
    /// <param name="without">What happens without it.</param>
    /// <param name="minimum">The least value; null for no bound.</param>
    /// <param name="maximum">The greatest value; null for no bound.</param>
    /// <param name="open">Whether the bounds themselves are outside.</param>
    public static Option<T?> CreateOptional<T>(string name, string description, string without, T? minimum = null, T? maximum = null, bool open = false)
        where T : struct, INumber<T>
    {
        ValueRange<T> range = new(minimum, maximum, open);
        return new(name)
        {
            Description = $"{description} ({range.Brief}). Without it: {without}.",
            CustomParser = result => range.Parse(result, name),
            HelpName = "NUMBER",
        };
    }

    /// <summary>Several numbers, separated by commas.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="name">Such as <c>--rates</c>.</param>
    /// <param name="description">What they are, with their unit; the range is added to it.</param>
    /// <param name="without">What happens without the option.</param>
    /// <param name="minimum">The least value; null for no bound.</param>
    /// <param name="maximum">The greatest value; null for no bound.</param>
    /// <param name="open">Whether the bounds themselves are outside.</param>
    public static Option<IReadOnlyList<T>?> CreateList<T>(string name, string description, string without, T? minimum = null, T? maximum = null, bool open = false)
        where T : struct, INumber<T>
    {
        ValueRange<T> range = new(minimum, maximum, open);
        return new(name)
        {
            Description = $"{description} ({range.Brief} each). Without it: {without}.",
            CustomParser = result => range.ParseList(result, name),
            HelpName = "NUMBER,…",
        };
    }

    private readonly record struct ValueRange<T>(T? Minimum, T? Maximum, bool Open)
        where T : struct, INumber<T>
    {
        private static bool IsWhole => T.Zero is int or long or uint or ulong;

        public string Brief => (Minimum, Maximum) switch
        {
            ({ } least, { } greatest) => Open ? $"between {Text(least)} and {Text(greatest)}" : $"{Text(least)} to {Text(greatest)}",
            ({ } least, null) => Open ? $"above {Text(least)}" : $"at least {Text(least)}",
            (null, { } greatest) => Open ? $"below {Text(greatest)}" : $"at most {Text(greatest)}",
            _ => "any number",
        };

        public T? Parse(ArgumentResult result, string name) =>
            result.Tokens is [{ Value: string text }] ? Parse(text, result, name) : null;

        public List<T>? ParseList(ArgumentResult result, string name)
        {
            List<T> values = [];
            foreach (string text in result.Tokens.SelectMany(static token => token.Value.Split(',')))
            {
                if (Parse(text, result, name) is not { } value)
                {
                    return null;
                }

                values.Add(value);
            }

            return values;
        }

        private T? Parse(string text, ArgumentResult result, string name)
        {
            NumberStyles styles = IsWhole ? NumberStyles.Integer : NumberStyles.Float;
            if (T.TryParse(text.Trim(), styles, CultureInfo.InvariantCulture, out T value)
                && T.IsFinite(value)
                && !(value < Minimum) && !(value > Maximum) && !(Open && (value == Minimum || value == Maximum)))
            {
                return value;
            }

            string kind = IsWhole ? "a whole number" : "a number";
            string bounds = (Minimum, Maximum) switch
            {
                ({ } least, { } greatest) => Open ? $" in ({Text(least)}, {Text(greatest)})" : $" in [{Text(least)}, {Text(greatest)}]",
                ({ } least, null) => $" {(Open ? "above" : "of at least")} {Text(least)}",
                (null, { } greatest) => $" {(Open ? "below" : "of at most")} {Text(greatest)}",
                _ => string.Empty,
            };
            result.AddError($"{name} must be {kind}{bounds}; received {(text.Length == 0 ? "nothing" : text)}.");
            return null;
        }

        private static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture);
    }
}
