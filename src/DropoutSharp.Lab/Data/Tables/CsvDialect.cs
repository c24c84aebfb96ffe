using System.Globalization;
using System.Text.RegularExpressions;

namespace DropoutSharp.Lab.Data;

/// <summary>How a CSV file is written.</summary>
/// <param name="Delimiter">What stands between fields.</param>
/// <param name="HasHeader">Whether the first line holds the names of the columns.</param>
/// <param name="HasDecimalComma">Whether numbers are written with a comma, as with semicolons between fields they may be.</param>
/// <param name="Names">The names of the columns.</param>
internal sealed partial record CsvDialect(char Delimiter, bool HasHeader, bool HasDecimalComma, IReadOnlyList<string> Names)
{
    private static readonly char[] Delimiters = [',', '\t', ';', '|'];

    /// <summary>Finds out how a file is written.</summary>
    /// <param name="path">The file, for an error.</param>
    /// <param name="lines">Its first lines.</param>
    /// <param name="knownNames">Names of columns of which any in the first line shows that it is a header.</param>
    /// <exception cref="UserErrorException">The file holds no record, or names a column twice.</exception>
    /// <remarks>
    /// The delimiter is the one under which most records have as many fields as the first, which must have two; among equals the one that
    /// makes most fields; a space only where nothing else stands between fields. The file's own unevenness so never changes the delimiter. The
    /// first line is a header if none of its fields is a number, or if one is a text over a column of numbers.
    /// </remarks>
    public static CsvDialect Detect(string path, IReadOnlyList<string> lines, IReadOnlyCollection<string> knownNames)
    {
        char delimiter = Delimiters.MaxBy(candidate => Fit(lines, candidate));
        delimiter = Fit(lines, delimiter).Splits || !Fit(lines, ' ').Splits ? delimiter : ' ';
        string[][] records = [.. CsvText.Records(lines, delimiter)];
        if (records.Length == 0)
        {
            throw new UserErrorException($"'{path}' must hold rows; it is empty.");
        }

        string[] first = [.. records[0].Select(field => field.Trim())];
        bool hasHeader = first.Any(field => knownNames.Contains(field, StringComparer.OrdinalIgnoreCase)) || !first.Any(IsNumber) || NamesNumbers(first, records);
        bool hasDecimalComma = delimiter != ','
            && records.Skip(1).Any(record => record.Any(field => DecimalComma().IsMatch(field)))
            && !records.Skip(1).Any(record => record.Any(field => DecimalPoint().IsMatch(field)));
        return new CsvDialect(delimiter, hasHeader, hasDecimalComma, FindNames(path, first, hasHeader));
    }

    private static bool NamesNumbers(string[] first, string[][] records) => Enumerable.Range(0, first.Length).Any(column =>
        first[column].Length > 0 && !IsNumber(first[column]) && !MissingText.IsMissing(first[column])
        && records.Length > 1 && records.Skip(1).All(record => column >= record.Length || IsNumber(record[column]) || MissingText.IsMissing(record[column]))
        && records.Skip(1).Any(record => column < record.Length && IsNumber(record[column])));

    private static string[] FindNames(string path, string[] first, bool hasHeader)
    {
        string[] names = [.. first.Select((field, i) => hasHeader && field.Length > 0 ? field : $"column{i}")];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (!seen.Add(name))
            {
                throw new UserErrorException($"'{path}' must have columns of different names, whatever their case; line 1 names '{name}' twice.");
            }
        }

        return names;
    }

    private static (bool Splits, double Even, int Fields) Fit(IReadOnlyList<string> lines, char delimiter)
    {
        int[] counts = [.. CsvText.Records(lines, delimiter).Select(record => record.Length)];
        return counts.Length == 0 || counts[0] < 2 ? default : (true, (double)counts.Count(count => count == counts[0]) / counts.Length, counts[0]);
    }

    private static bool IsNumber(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(value);

    // Not exactly three digits after the comma, which may as well part thousands.
    [GeneratedRegex(@"^\s*[-+]?\d+,(\d{1,2}|\d{4,})\s*$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^\s*[-+]?\d+\.\d+\s*$")]
    private static partial Regex DecimalPoint();
}
