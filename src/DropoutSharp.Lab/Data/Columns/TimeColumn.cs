using System.Globalization;

namespace DropoutSharp.Lab.Data;

/// <summary>A column of dates or of dates with a time of day, without a time zone.</summary>
/// <param name="name">The column's name.</param>
/// <param name="microseconds">One a row: microseconds since the start of 1970, or <see cref="Missing"/>.</param>
public sealed class TimeColumn(string name, long[] microseconds) : DataColumn(name)
{
    /// <summary>Stands where a value is missing.</summary>
    public const long Missing = long.MinValue;

    private const long MicrosecondsPerDay = 86_400_000_000;

    private static readonly long First = DateTime.MinValue.Subtract(DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long Last = DateTime.MaxValue.Subtract(DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <inheritdoc/>
    public override int Count => microseconds.Length;

    /// <summary>Whether a count of microseconds since the start of 1970 lies in the years 1 to 9999.</summary>
    /// <param name="value">Microseconds since the start of 1970.</param>
    public static bool IsInRange(long value) => value >= First && value <= Last;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => microseconds[row] == Missing;

    /// <summary>A row's date and time of day.</summary>
    /// <param name="row">The row, counted from 0; its value must not be missing.</param>
    public DateTime this[int row] => DateTime.UnixEpoch.AddTicks(microseconds[row] * TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether a row has a time of day other than midnight.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public bool HasTimeOfDay(int row) => !IsMissing(row) && microseconds[row] % MicrosecondsPerDay != 0;

    /// <inheritdoc/>
    public override string Format(int row) => IsMissing(row)
        ? ""
        : this[row].ToString(HasTimeOfDay(row) ? "yyyy-MM-dd HH:mm:ss.FFFFFF" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
