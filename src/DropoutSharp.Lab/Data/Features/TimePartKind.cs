using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>A number that can be read off a date.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimePartKind>))]
public enum TimePartKind
{
    /// <summary>The year.</summary>
    Year,

    /// <summary>The month, 1 to 12.</summary>
    Month,

    /// <summary>The day of the month, 1 to 31.</summary>
    Day,

    /// <summary>Whether it is a Monday, 0 or 1.</summary>
    Monday,

    /// <summary>Whether it is a Tuesday, 0 or 1.</summary>
    Tuesday,

    /// <summary>Whether it is a Wednesday, 0 or 1.</summary>
    Wednesday,

    /// <summary>Whether it is a Thursday, 0 or 1.</summary>
    Thursday,

    /// <summary>Whether it is a Friday, 0 or 1.</summary>
    Friday,

    /// <summary>Whether it is a Saturday, 0 or 1.</summary>
    Saturday,

    /// <summary>Whether it is a Sunday, 0 or 1.</summary>
    Sunday,

    /// <summary>The sine of the position in the year, so that its end meets its start.</summary>
    YearSine,

    /// <summary>The cosine of the position in the year.</summary>
    YearCosine,

    /// <summary>The hour with its fraction, 0 to 24.</summary>
    Hour,

    /// <summary>The sine of the position in the day.</summary>
    DaySine,

    /// <summary>The cosine of the position in the day.</summary>
    DayCosine,
}
