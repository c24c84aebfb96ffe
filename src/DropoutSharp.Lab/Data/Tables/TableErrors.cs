using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>Says in one sentence what DuckDB said in many.</summary>
internal static partial class TableErrors
{
    /// <summary>Whether a value did not fit the type that was found for its column in the first rows.</summary>
    public static bool IsConversion(DuckDBException exception) => exception.Message.Contains("Could not convert string", StringComparison.Ordinal);

    /// <summary>The sentence.</summary>
    /// <param name="exception">What DuckDB said.</param>
    /// <param name="path">The path that the user gave.</param>
    public static UserErrorException Explain(DuckDBException exception, string path)
    {
        string message = exception.Message;
        string file = FileName().Match(message) is { Success: true } named ? Relative(named.Groups[1].Value.Trim(), path) : path;
        string place = Line().Match(message) is { Success: true } line ? $"'{file}', line {line.Groups[1].Value}," : $"'{file}'";
        string sentence;
        if (Fields().Match(message) is { Success: true } fields)
        {
            sentence = $"{place} must have {fields.Groups[1].Value} field{(fields.Groups[1].Value == "1" ? "" : "s")} as the first line has; it has {fields.Groups[2].Value}.";
        }
        else if (message.Contains("unterminated quote", StringComparison.Ordinal) || message.Contains("Value with unterminated", StringComparison.Ordinal))
        {
            sentence = $"{place} must close every quote that it opens; a quoted value does not end.";
        }
        else if (message.Contains("nicode", StringComparison.Ordinal) || message.Contains("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            sentence = $"{place} must be text in UTF-8; it holds bytes that are not.";
        }
        else if (Json().Match(message) is { Success: true } json)
        {
            sentence = $"'{Relative(json.Groups[1].Value, path)}', {json.Groups[2].Value}, must be JSON; {json.Groups[3].Value.TrimEnd()}.";
        }
        else if (TableErrors.Conversion().Match(message) is { Success: true } conversion)
        {
            sentence = $"{place} must hold {TypeName(conversion.Groups[3].Value)} in column '{conversion.Groups[1].Value}'; it holds '{conversion.Groups[2].Value}'.";
        }
        else
        {
            sentence = $"{place} must be readable as a table; {FirstLine(message)}.";
        }

        return new UserErrorException(sentence, exception);
    }

    private static string Relative(string file, string path) =>
        Path.GetFullPath(file) == Path.GetFullPath(path) ? path
        : Path.IsPathRooted(path) || !Path.IsPathRooted(file) ? file
        : Path.GetRelativePath(Directory.GetCurrentDirectory(), file);

    private static string FirstLine(string message)
    {
        string first = message.Split('\n')[0].Trim().TrimEnd('.', ':');
        int colon = first.IndexOf(": ", StringComparison.Ordinal);
        first = colon > 0 && first[..colon].EndsWith("Error", StringComparison.Ordinal) ? first[(colon + 2)..] : first;
        return first.Length > 0 ? char.ToLowerInvariant(first[0]) + first[1..] : "it is damaged";
    }

    private static string TypeName(string sqlType) => sqlType switch
    {
        "DATE" => "a date",
        "BOOLEAN" => "true or false",
        _ when sqlType.StartsWith("TIME", StringComparison.Ordinal) => "a time",
        _ => "a number",
    };

    [GeneratedRegex(@"^\s*file = (.+)$", RegexOptions.Multiline)]
    private static partial Regex FileName();

    [GeneratedRegex(@"Error on Line: (\d+)")]
    private static partial Regex Line();

    [GeneratedRegex(@"Expected Number of Columns: (\d+) Found: (\d+)")]
    private static partial Regex Fields();

    [GeneratedRegex(@"Malformed JSON in file ""(.+?)"", (at byte \d+ in [^:]+): ([^\n]*?)\.?\s*$", RegexOptions.Multiline)]
    private static partial Regex Json();

    [GeneratedRegex(@"converting column ""(.+?)""\. Could not convert string ""(.*?)"" to '(.+?)'", RegexOptions.Singleline)]
    private static partial Regex Conversion();
}
