using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Claims.Reporting;

/// <summary>Draws the picture of a claim.</summary>
internal static class ClaimChart
{
    private const double Dodge = 4;

    /// <summary>The picture for a page.</summary>
    public static Html Render(ClaimPicture picture) => Chart(picture).Render(area => Draw(picture, area));

    /// <summary>The picture as an SVG file of its own.</summary>
    public static string RenderFile(ClaimPicture picture) => Chart(picture).RenderFile(area => Draw(picture, area)).ToString();

    private static Chart Chart(ClaimPicture picture)
    {
        double[] x = [.. picture.Series.SelectMany(series => series.Points).Select(point => point.X)];
        double[] y = [.. picture.Series.SelectMany(series => series.Points).SelectMany(point => new[] { point.Low, point.Y, point.High })];
        return new Chart
        {
            Description = picture.Description,
            XTitle = picture.XTitle,
            YTitle = picture.YTitle,
            X = picture.XNames is { } names ? Scale.Named(names)
                : picture.LogarithmicX ? Scale.LogarithmicWhereWide(x, 8)
                : Scale.Linear(x, 8, tight: true),
            Y = Scale.LogarithmicWhereWide(y, 6),
            Legend = [.. picture.Series.Select((series, i) => new LegendEntry(SeriesStyle.Number(i), series.Name, series.Joined))],
            Width = 640,
            Height = 360,
        };
    }

    private static IEnumerable<Html> Draw(ClaimPicture picture, PlotArea area)
    {
        for (int i = 0; i < picture.Series.Count; i++)
        {
            ClaimSeries series = picture.Series[i];
            SeriesStyle style = SeriesStyle.Number(i);
            double shift = picture.XNames is null ? 0 : (i - ((picture.Series.Count - 1) / 2.0)) * 4 * Dodge;
            if (series.Joined)
            {
                yield return Html.Of($"<g transform=\"translate({shift} 0)\">{Marks.Line(area, style, series.Points.Select(point => (point.X, point.Y)))}</g>");
            }

            foreach (ClaimPoint point in series.Points)
            {
                yield return Marks.Interval(area, style, point.X, point.Low, point.High, shift);
                yield return Marks.Point(
                    area, style, point.X, point.Y, $"{series.Name}: {ClaimText.Number(point.Y)} [{ClaimText.Number(point.Low)}, {ClaimText.Number(point.High)}]", shift);
            }
        }
    }
}
