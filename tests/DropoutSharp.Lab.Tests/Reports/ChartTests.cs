using System.Globalization;
using System.Xml.Linq;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Tests.Reports;

public sealed class ChartTests
{
    [Fact]
    public void RenderFile_LongNamesBesideEachOther_StandInTwoLines()
    {
        double[] heights = LabelHeights(["none", "Dropout", "DropConnect, mean weights", "DropConnect, Gaussian"]);
        Assert.Equal(heights[0], heights[2]);
        Assert.Equal(heights[1], heights[3]);
        Assert.True(heights[1] - heights[0] >= 14, "two lines must not touch");
    }

    [Fact]
    public void RenderFile_ShortNames_StandInOneLine() => Assert.Single(LabelHeights(["none", "before", "behind"]).Distinct());

    private static double[] LabelHeights(string[] names)
    {
        Chart chart = new() { Description = "names", XTitle = "Trained with", YTitle = "NLL", X = Scale.Named(names), Y = Scale.Linear([0, 1], 5) };
        XElement svg = XElement.Parse(chart.RenderFile(static _ => []).ToString());
        XElement[] texts = [.. svg.Descendants().Where(static each => each.Name.LocalName == "text")];
        double title = Height(texts.Single(static each => each.Value == "Trained with"));
        double[] heights = [.. names.Select(name => Height(texts.Single(each => each.Value == name)))];
        Assert.All(heights, height => Assert.True(title - height >= 14, "the axis' title must lie below the labels"));
        Assert.True(double.Parse(svg.Attribute("height")!.Value, CultureInfo.InvariantCulture) > title, "the title must lie in the picture");
        return heights;
    }

    private static double Height(XElement text) => double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture);
}
