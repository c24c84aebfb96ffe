using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>A date, with or without a time of day, as its parts; each part standardised, 0 where the date is missing.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Parts">The parts that vary over the training rows.</param>
/// <param name="HasIndicator">Whether a last feature is 1 where the date is missing, because some training rows missed it.</param>
public sealed record TimeFeature(string Name, IReadOnlyList<TimePart> Parts, bool HasIndicator) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames =>
    [
        .. Parts.Select(part => $"{Name}: {Describe(part.Part)}"),
        .. HasIndicator ? [$"{Name} is missing"] : Array.Empty<string>(),
    ];

    internal static TimeFeature Fit(TimeColumn column, ReadOnlySpan<int> rows)
    {
        List<DateTime> present = new(rows.Length);
        foreach (int row in rows)
        {
            if (!column.IsMissing(row))
            {
                present.Add(column[row]);
            }
        }

        List<TimePart> parts = [];
        double[] values = new double[present.Count];
        foreach (TimePartKind kind in Enum.GetValues<TimePartKind>())
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Read(kind, present[i]);
            }

            if (values.AsSpan().IndexOfAnyExcept(values[0]) >= 0)
            {
                Standardisation standard = Standardisation.Fit(values);
                parts.Add(new TimePart(kind, standard.Mean, standard.Scale));
            }
        }

        return new TimeFeature(column.Name, parts, present.Count < rows.Length);
    }

    internal override void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride)
    {
        TimeColumn times = (TimeColumn)column;
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> features = destination[(offset + i * stride)..];
            if (times.IsMissing(rows[i]))
            {
                if (HasIndicator)
                {
                    features[Parts.Count] = 1;
                }

                continue;
            }

            DateTime time = times[rows[i]];
            for (int part = 0; part < Parts.Count; part++)
            {
                features[part] = new Standardisation(Parts[part].Mean, Parts[part].Scale).Apply(Read(Parts[part].Part, time));
            }
        }
    }

    internal override string? FindFault() =>
        Parts is null || Parts.Any(part => part is null || !Enum.IsDefined(part.Part) || !new Standardisation(part.Mean, part.Scale).IsValid)
            ? $"column '{Name}' must have parts of a date with a finite mean and a scale above 0"
            : FeatureNames.Count == 0 ? $"column '{Name}' must have a part" : null;

    private static double Read(TimePartKind kind, DateTime time) => kind switch
    {
        TimePartKind.Year => time.Year,
        TimePartKind.Month => time.Month,
        TimePartKind.Day => time.Day,
        TimePartKind.YearSine => Math.Sin(YearAngle(time)),
        TimePartKind.YearCosine => Math.Cos(YearAngle(time)),
        TimePartKind.Hour => time.TimeOfDay.TotalHours,
        TimePartKind.DaySine => Math.Sin(2 * Math.PI * time.TimeOfDay.TotalDays),
        TimePartKind.DayCosine => Math.Cos(2 * Math.PI * time.TimeOfDay.TotalDays),
        _ => (int)time.DayOfWeek == (kind - TimePartKind.Monday + 1) % 7 ? 1 : 0,
    };

    private static double YearAngle(DateTime time) =>
        2 * Math.PI * (time.DayOfYear - 1) / (DateTime.IsLeapYear(time.Year) ? 366 : 365);

    private static string Describe(TimePartKind kind) => kind switch
    {
        TimePartKind.YearSine => "sine of the year",
        TimePartKind.YearCosine => "cosine of the year",
        TimePartKind.DaySine => "sine of the day",
        TimePartKind.DayCosine => "cosine of the day",
        TimePartKind.Year or TimePartKind.Month or TimePartKind.Day or TimePartKind.Hour => kind.ToString().ToLowerInvariant(),
        _ => kind.ToString(),
    };
}
