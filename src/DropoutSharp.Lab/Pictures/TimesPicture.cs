using System.Globalization;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Pictures;

/// <summary>A picture of times against drop rates, as an SVG file with its colours for light and dark.</summary>
public static class TimesPicture
{
    /// <summary>Draws it: a line a series, from zero up.</summary>
    /// <param name="description">What it shows, in a sentence.</param>
    /// <param name="title">What was timed, for the axis.</param>
    /// <param name="series">The series, each with its name and its times in milliseconds by drop rate.</param>
    public static string Draw(string description, string title, IReadOnlyList<(string Name, IReadOnlyList<(double Rate, double Milliseconds)> Times)> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        (double Rate, double Milliseconds)[] all = [.. series.SelectMany(static each => each.Times)];
        return new Chart
        {
            Description = description,
            XTitle = "Drop rate",
            YTitle = title,
            X = Scale.Linear(all.Select(static time => time.Rate), 9, tight: true),
            Y = Scale.Linear(all.Select(static time => time.Milliseconds).Append(0), 6),
            Legend = [.. series.Select(static (each, i) => new LegendEntry(SeriesStyle.Number(i), each.Name))],
            Width = 640,
            Height = 360,
        }.RenderFile(area => series.SelectMany((each, i) => each.Times
            .Select(time => Marks.Point(
                area, SeriesStyle.Number(i), time.Rate, time.Milliseconds, string.Create(CultureInfo.InvariantCulture, $"{each.Name}, rate {time.Rate:0.##}: {time.Milliseconds:0.0} ms"), radius: 3.5))
            .Prepend(Marks.Line(area, SeriesStyle.Number(i), each.Times)))).ToString();
    }
}
