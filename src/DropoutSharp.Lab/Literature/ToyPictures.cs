using System.Globalization;
using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Literature;

/// <summary>Pictures of the toys, as SVG files with their colours for light and dark.</summary>
public static class ToyPictures
{
    /// <summary>The cubic: points, predictive mean, and bands of two standard deviations without and with the noise.</summary>
    /// <param name="result">What was found.</param>
    public static string Cubic(CubicToyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        SeriesStyle model = SeriesStyle.Recommended, noise = SeriesStyle.Number(1), truth = new("guide", Marker.Circle, true), points = SeriesStyle.None;
        double limit = result.Mean.Zip(result.Total).Max(pair => Math.Abs(pair.First) + (2 * pair.Second));
        return new Chart
        {
            Description = "Monte-Carlo dropout on a cubic: the band widens away from the data",
            XTitle = "x",
            YTitle = "y",
            X = Scale.Linear(result.Grid, 8, tight: true),
            Y = Scale.Linear([-limit, limit], 6),
            Legend =
            [
                new LegendEntry(points, "training points", HasLine: false), new LegendEntry(truth, "x³", HasPoint: false),
                new LegendEntry(model, "mean of the passes, ± 2 epistemic standard deviations", HasPoint: false), new LegendEntry(noise, "± 2 with the noise", HasPoint: false),
            ],
            Width = 640,
            Height = 380,
        }.RenderFile(area =>
        [
            Marks.Area(area, noise, Edges(result.Total)),
            Marks.Area(area, model, Edges(result.Epistemic)),
            Marks.Line(area, truth, result.Grid.Select(x => (x, x * x * x)), "guide"),
            Marks.Line(area, model, result.Grid.Zip(result.Mean)),
            .. result.X.Zip(result.Y).Select(point => Marks.Point(area, points, point.First, point.Second, string.Create(CultureInfo.InvariantCulture, $"{point.First:0.00}, {point.Second:0.0}"))),
        ]).ToString();

        IEnumerable<(double X, double Low, double High)> Edges(IReadOnlyList<double> deviations) =>
            result.Grid.Select((x, i) => (x, result.Mean[i] - (2 * deviations[i]), result.Mean[i] + (2 * deviations[i])));
    }

    /// <summary>Concrete dropout's rates in the course of training, a line a number of rows.</summary>
    /// <param name="results">What was found, each with as many moments.</param>
    /// <param name="steps">The training steps.</param>
    public static string ConcreteRates(IReadOnlyList<ConcreteToyResult> results, int steps)
    {
        ArgumentNullException.ThrowIfNull(results);
        (double X, double Y)[][] curves = [.. results.Select(result => result.RatesOverTime
            .Select((rate, i) => ((i + 1.0) * steps / result.RatesOverTime.Count, rate)).Prepend((0, ConcreteToy.InitialRate)).ToArray())];
        return new Chart
        {
            Description = "Learned drop rates in the course of training, for several numbers of rows",
            XTitle = "Training step",
            YTitle = "Mean drop rate of the layers",
            X = Scale.Linear([0, steps], 6, tight: true),
            Y = Scale.Linear(curves.SelectMany(curve => curve).Select(point => point.Y).Append(0), 6),
            Legend = [.. results.Select((result, i) => new LegendEntry(SeriesStyle.Number(i), ReportText.Count(result.Rows, "row")))],
            Width = 640,
            Height = 360,
        }.RenderFile(area => curves.SelectMany((curve, i) => curve
            .Select(point => Marks.Point(area, SeriesStyle.Number(i), point.X, point.Y, string.Create(CultureInfo.InvariantCulture, $"step {point.X:0}: {point.Y:0.000}"), radius: 3.5))
            .Prepend(Marks.Line(area, SeriesStyle.Number(i), curve)))).ToString();
    }
}
