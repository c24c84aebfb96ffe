using System.Xml.Linq;
using DropoutSharp.Lab.UncertaintyQuality;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Tests.UncertaintyQuality;

public sealed class QualityPageTests
{
    private static readonly double[] Own = [.. Enumerable.Range(0, 300).Select(i => i / 3000.0)];

    private static readonly double[] Foreign = [.. Enumerable.Range(0, 200).Select(i => 0.1 + (i / 1000.0))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Render_AnyResult_IsWellFormedAndFinite(bool hasForeign)
    {
        string html = QualityPage.Render(Result(hasForeign));

        XElement page = XDocument.Parse(html).Root!;
        Assert.Equal(hasForeign ? 5 : 3, page.Descendants("figure").Count());
        Assert.Equal(hasForeign, page.Descendants("section").Any(section => (string?)section.Attribute("id") == "foreign"));
        Assert.DoesNotContain(page.Descendants().Attributes("d"), path => path.Value.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void Pictures_WithForeignRows_AreSvgFilesOfTheirOwn()
    {
        IReadOnlyDictionary<string, string> pictures = QualityPage.Pictures(Result(true));

        Assert.Equal(["foreign", "passes", "reliability", "risk", "roc"], pictures.Keys.Order());
        Assert.All(pictures.Values, picture => Assert.Equal("svg", XDocument.Parse(picture).Root!.Name.LocalName));
    }

    [Fact]
    public void Pictures_ForeignRowsAllMoreUnsure_RunAlongTheEdgeOfTheRoc()
    {
        // Every foreign row scores above every own one: the curve rises to 1 before it goes to the right.
        XElement svg = XDocument.Parse(QualityPage.Pictures(Result(true))["roc"]).Root!;
        string path = svg.Descendants().Where(each => ((string?)each.Attribute("class"))?.StartsWith("line s0", StringComparison.Ordinal) == true).Select(each => (string)each.Attribute("d")!).MaxBy(d => d.Length)!;
        (double X, double Y)[] points = [.. path.Split('M', 'L').Skip(1).Select(point => point.Split(' ')).Select(parts => (Number(parts[0]), Number(parts[1])))];

        double left = points.Min(point => point.X), top = points.Min(point => point.Y);
        Assert.All(points, point => Assert.True(Math.Abs(point.X - left) < 0.02 || Math.Abs(point.Y - top) < 0.02, $"{point}"));

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static QualityResult Result(bool hasForeign)
    {
        Dictionary<string, double> scores = new() { ["accuracy"] = 0.9, ["nll"] = 0.3, ["ece"] = 0.02 };
        CalibrationBin[] bins = [new(double.NaN, double.NaN, 0), new(0.9, 0.85, 300)];
        RiskCoveragePoint[] risk = [.. Enumerable.Range(1, 300).Select(i => new RiskCoveragePoint(i / 300.0, i / 3000.0))];
        return new QualityResult
        {
            Model = "model",
            Data = "rows",
            Task = "classification",
            Rows = 300,
            Passes = 20,
            Plain = scores,
            MonteCarlo = scores,
            ByPasses = [new(1, 0.5, 0.8), new(2, 0.4, 0.85), new(20, 0.3, 0.9)],
            PaysFrom = 2,
            Coverage = [new(0.9, 0.93, 1.2, 0.9, 1.1, 9), new(0.999, 1, 9, null, null, 999)],
            Foreign = hasForeign ? [new("mutual_information", 1, 0)] : [],
            ForeignData = hasForeign ? "others" : null,
            Warning = null,
            Seconds = 1,
            Pictures = new(bins, bins, risk, risk, Own, hasForeign ? Foreign : []) { Detections = hasForeign ? [new("mutual_information", Own, Foreign)] : [] },
        };
    }
}
