using System.Globalization;
using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Reports.Charts;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>The pictures of a model's uncertainty, for a page or for files of their own.</summary>
internal static class QualityCharts
{
    private const int MostPoints = 200;
    private const int HistogramBins = 30;

    // A bin of fewer rows is mostly luck and gets a small mark.
    private const int FewRows = 20;

    private static readonly double[] Fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Every picture that there is something to draw for.</summary>
    /// <param name="result">What was found.</param>
    public static IReadOnlyList<QualityChart> All(QualityResult result) =>
        [Reliability(result), Risk(result), Passes(result), .. result.ForeignData is null ? [] : (QualityChart[])[Foreign(result), Roc(result)]];

    /// <summary>Observed against stated.</summary>
    /// <param name="result">What was found.</param>
    public static QualityChart Reliability(QualityResult result)
    {
        bool classes = result.Task == "classification";
        Chart chart = new()
        {
            Description = "Observed against stated",
            XTitle = classes ? "Stated confidence" : "Level of the central interval",
            YTitle = classes ? "Accuracy" : "Targets inside",
            X = Scale.Fixed(0, 1, Fifths),
            Y = Scale.Fixed(0, 1, Fifths),
            Legend = [new LegendEntry(SeriesStyle.None, "weight scaling"), new LegendEntry(SeriesStyle.Recommended, "Monte-Carlo mean")],
            Width = 420,
            Height = 380,
        };
        return new("reliability", chart, area => [
            Marks.Line(area, new("guide", Marker.Circle, true), [(0, 0), (1, 1)], "guide"),
            .. Series(area, SeriesStyle.None, result.Pictures.PlainReliability), .. Series(area, SeriesStyle.Recommended, result.Pictures.Reliability)]);

        static IEnumerable<Html> Series(PlotArea area, SeriesStyle style, IReadOnlyList<CalibrationBin> bins)
        {
            CalibrationBin[] filled = [.. bins.Where(bin => bin.Count > 0)];
            yield return Marks.Line(area, style, filled.Select(bin => (bin.Stated, bin.Observed)));
            foreach (CalibrationBin bin in filled)
            {
                yield return Marks.Point(area, style, bin.Stated, bin.Observed, string.Create(CultureInfo.InvariantCulture, $"stated {bin.Stated:0.000}, observed {bin.Observed:0.000}, {bin.Count} rows"), radius: bin.Count < FewRows ? 2 : 4.5);
            }
        }
    }

    /// <summary>Risk against the share of rows that are kept.</summary>
    /// <param name="result">What was found.</param>
    public static QualityChart Risk(QualityResult result)
    {
        return Lines(
            "risk", "Risk against coverage", "Share of rows kept", result.Task == "classification" ? "Error rate of the kept" : "Mean squared error of the kept",
            Scale.Fixed(0, 1, Fifths), (SeriesStyle.None, "weight scaling", Thin(result.Pictures.PlainRisk)), (SeriesStyle.Recommended, "Monte Carlo", Thin(result.Pictures.Risk)));

        static (double, double)[] Thin(IReadOnlyList<RiskCoveragePoint> points) =>
            [.. points.Where((_, i) => i == points.Count - 1 || i % Math.Max(1, points.Count / MostPoints) == 0).Select(point => (point.Coverage, point.Risk))];
    }

    /// <summary>Negative log-likelihood by the number of passes.</summary>
    /// <param name="result">What was found.</param>
    public static QualityChart Passes(QualityResult result)
    {
        double[] x = [.. result.ByPasses.Select(point => (double)point.Passes)];
        return Lines(
            "passes", "Negative log-likelihood against passes", "Passes", "Negative log-likelihood (nats)", Scale.LogarithmicWhereWide(x, 8),
            (SeriesStyle.None, "weight scaling", [(x.Min(), result.Plain["nll"]), (x.Max(), result.Plain["nll"])]),
            (SeriesStyle.Recommended, "Monte-Carlo mean", [.. result.ByPasses.Select(point => ((double)point.Passes, point.Nll))]));
    }

    /// <summary>How unsure the model is of its own rows and of foreign ones.</summary>
    /// <param name="result">What was found; with foreign rows.</param>
    public static QualityChart Foreign(QualityResult result)
    {
        double[] own = result.Pictures.OwnScores, foreign = result.Pictures.ForeignScores;

        // A few rows far out would squeeze all others into the first bar; they are counted in the last one.
        double[] all = [.. own.Concat(foreign).Order()];
        double most = Math.Max(1e-12, all[(int)(0.995 * (all.Length - 1))]);
        return Lines(
            "foreign", "Shares of rows by their uncertainty", result.Task == "classification" ? "Mutual information (nats)" : "Epistemic standard deviation", "Share of rows",
            Scale.Linear([0, most], 8, tight: true), (SeriesStyle.None, "own rows", Histogram(own)), (SeriesStyle.Recommended, "foreign rows", Histogram(foreign)));

        (double, double)[] Histogram(double[] scores)
        {
            double[] shares = new double[HistogramBins];
            foreach (double score in scores)
            {
                shares[Math.Clamp((int)(score / most * HistogramBins), 0, HistogramBins - 1)] += 1.0 / scores.Length;
            }

            return [.. shares.SelectMany((share, bin) => new[] { (bin * most / HistogramBins, share), ((bin + 1) * most / HistogramBins, share) })];
        }
    }

    /// <summary>The receiver operating characteristic: foreign rows found against own rows that are taken for foreign.</summary>
    /// <param name="result">What was found; with foreign rows.</param>
    public static QualityChart Roc(QualityResult result)
    {
        Chart chart = new()
        {
            Description = "Receiver operating characteristic",
            XTitle = "Share of own rows taken for foreign",
            YTitle = "Share of foreign rows found",
            X = Scale.Fixed(0, 1, Fifths),
            Y = Scale.Fixed(0, 1, Fifths),
            Legend = [.. result.Pictures.Detections.Select((found, i) => new LegendEntry(SeriesStyle.Number(i), QualityText.Score(found.Uncertainty), HasPoint: false))],
            Width = 420,
            Height = 380,
        };
        return new("roc", chart, area => result.Pictures.Detections
            .Select((found, i) => Marks.Line(area, SeriesStyle.Number(i), Curve(found.Own, found.Foreign)))
            .Prepend(Marks.Line(area, new("guide", Marker.Circle, true), [(0, 0), (1, 1)], "guide")));

        static (double, double)[] Curve(double[] own, double[] foreign)
        {
            double[] ownDown = [.. own.OrderDescending()], foreignDown = [.. foreign.OrderDescending()];
            List<(double X, double Y)> points = [(0, 0)];
            int i = 0, j = 0;
            while (i < ownDown.Length || j < foreignDown.Length)
            {
                // Rows of one score are passed together: between them a threshold cannot choose.
                double score = Math.Max(i < ownDown.Length ? ownDown[i] : double.NegativeInfinity, j < foreignDown.Length ? foreignDown[j] : double.NegativeInfinity);
                for (; i < ownDown.Length && ownDown[i] >= score; i++)
                {
                }

                for (; j < foreignDown.Length && foreignDown[j] >= score; j++)
                {
                }

                points.Add(((double)i / ownDown.Length, (double)j / foreignDown.Length));
            }

            // As many points as a picture can show, by the way along the curve.
            List<(double X, double Y)> shown = [points[0]];
            foreach ((double X, double Y) point in points)
            {
                if (point.X + point.Y - shown[^1].X - shown[^1].Y >= 2.0 / MostPoints)
                {
                    shown.Add(point);
                }
            }

            return [.. shown, (1, 1)];
        }
    }

    private static QualityChart Lines(
        string name, string description, string xTitle, string yTitle, Scale x, params (SeriesStyle Style, string Name, (double X, double Y)[] Points)[] series) =>
        new(name, new Chart
        {
            Description = description,
            XTitle = xTitle,
            YTitle = yTitle,
            X = x,
            Y = Scale.Linear(series.SelectMany(each => each.Points).Select(point => point.Y), 6),
            Legend = [.. series.Select(each => new LegendEntry(each.Style, each.Name, HasPoint: false))],
            Width = 560,
            Height = 340,
        }, area => series.Select(each => Marks.Line(area, each.Style, each.Points)));
}
