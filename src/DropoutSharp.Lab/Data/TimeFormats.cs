namespace DropoutSharp.Lab.Data;

/// <summary>How dates and times are written in a file of text, such as <c>%d/%m/%Y</c>.</summary>
/// <param name="Date">The pattern of dates; null for the usual one, year first.</param>
/// <param name="Timestamp">The pattern of dates with a time of day; null for the usual one, year first.</param>
public sealed record TimeFormats(string? Date, string? Timestamp)
{
    /// <summary>Year, month, day.</summary>
    public static TimeFormats Usual { get; } = new(null, null);
}
