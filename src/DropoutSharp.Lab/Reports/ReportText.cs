using System.Globalization;

namespace DropoutSharp.Lab.Reports;

/// <summary>Counts, times and levels as a person writes them.</summary>
public static class ReportText
{
    /// <summary>A length of time in the unit that suits it.</summary>
    /// <param name="seconds">In seconds.</param>
    public static string Seconds(double seconds) => seconds switch
    {
        double.NaN => "–",
        < 0.0995 => $"{(seconds * 1000).ToString("0", CultureInfo.InvariantCulture)} ms",
        < 9.95 => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        < 119.5 => $"{seconds.ToString("0", CultureInfo.InvariantCulture)} s",
        < 7200 => $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s",
        _ => $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60)} min",
    };

    /// <summary>A whole number with separators between its thousands.</summary>
    /// <param name="value">The number.</param>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with the noun that fits it: <c>1 row</c>, <c>1,797 rows</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="noun">The noun in the singular; an s makes its plural.</param>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? string.Empty : "s")}";

    /// <summary>A share as per cent, such as <c>95 %</c>.</summary>
    /// <param name="share">In [0, 1].</param>
    public static string Percent(double share) => $"{(100 * share).ToString("0.##", CultureInfo.InvariantCulture)} %";

    /// <summary>A number with four significant digits.</summary>
    /// <param name="value">The number.</param>
    public static string Significant(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) is >= 1e-3 and < 1e6 or 0 ? SignificantFormat(value) : "0.###E0", CultureInfo.InvariantCulture).Replace('-', '−')
        : "–";

    private static string SignificantFormat(double value)
    {
        int decimals = value == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return decimals == 0 ? "0" : "0." + new string('#', decimals);
    }
}
