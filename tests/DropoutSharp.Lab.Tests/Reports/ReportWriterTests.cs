using System.Text.RegularExpressions;
using System.Xml.Linq;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Lab.Tests.Reports;

public sealed partial class ReportWriterTests
{
    public static TheoryData<string> Names => [.. SyntheticComparisons.All().Select(static each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_AnyComparison_IsWellFormed(string name)
    {
        XElement page = Page(name);

        Assert.Equal("html", page.Name.LocalName);
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("svg"), static svg => Assert.True(svg.Attribute("role") is not null || svg.Attribute("aria-hidden") is not null));
        Assert.All(page.Descendants("img"), static image => Assert.NotEqual(string.Empty, (string?)image.Attribute("alt")));
        string[] ids = [.. page.Descendants().Attributes("id").Select(static id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_AnyComparison_ReferencesNothingOutside(string name)
    {
        XElement page = Page(name);

        Assert.DoesNotContain(page.Descendants(), static each => each.Name.LocalName is "script" or "link" or "iframe" or "object" or "embed" or "base" or "form");
        Assert.DoesNotContain(page.Descendants().Attributes(), static each => each.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.All(page.Descendants("img"), static image => Assert.StartsWith("data:image/png;base64,", (string?)image.Attribute("src"), StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants().Attributes(), static each => each.Name.LocalName is "href" or "srcset" or "poster");
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page.Descendants("style").Single().Value, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", Visible(page), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_AnyComparison_HasFiniteCoordinates(string name)
    {
        IEnumerable<XAttribute> coordinates = Page(name).Descendants("svg").DescendantsAndSelf().Attributes()
            .Where(static each => each.Name.LocalName is "d" or "x" or "y" or "width" or "height" or "transform" or "viewBox");

        Assert.DoesNotContain(coordinates, static each => each.Value.Contains("NaN", StringComparison.Ordinal) || each.Value.Contains('∞', StringComparison.Ordinal));
    }

    [Fact]
    public void Render_LearnedRates_HaveACurveAndAFigureEach()
    {
        XElement section = Page("learned").Descendants("section").Single(static each => (string?)each.Attribute("id") == "learned");

        Assert.Equal(2, section.Descendants("path").Count(static path => Has(path, "line") && path.Ancestors("ul").FirstOrDefault() is null));
        Assert.Equal(["0.050 [0.040, 0.060]", "0.310 [0.300, 0.320]"], section.Descendants("td").Select(static cell => cell.Value));
        Assert.DoesNotContain(Page("classification").Descendants("section"), static each => (string?)each.Attribute("id") == "learned");
    }

    [Fact]
    public void Render_HostileText_IsShownAndNotObeyed()
    {
        XElement page = Page("hostile");

        Assert.Equal(SyntheticComparisons.Hostile, page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("td"), static cell => cell.Value == SyntheticComparisons.Hostile);
        Assert.Contains(page.Descendants("dd"), static cell => cell.Value == SyntheticComparisons.Hostile);
        Assert.Contains(page.Descendants("title"), static title => title.Value.Contains(SyntheticComparisons.Hostile, StringComparison.Ordinal));
        Assert.Empty(page.Descendants("script"));
    }

    [Fact]
    public void Render_Classification_OpensWithTheAnswerAndHasEverySection()
    {
        ComparisonResult result = SyntheticComparisons.Classification();
        XElement page = Page("classification");

        XElement opening = page.Descendants("main").Single().Elements().First();
        Assert.Equal(result.Verdict!.Sentence, opening.Descendants("h1").Single().Value);
        Assert.Equal(
            ["candidates", "rates", "learning", "reliability", "unsure", "data", "network", "method", "configuration"],
            page.Descendants("section").Select(static section => (string?)section.Attribute("id")));
        Assert.Equal(result.Candidates.Count, page.Descendants("table").First().Element("tbody")!.Elements("tr").Count());
        Assert.Single(page.Descendants("tr"), static row => (string?)row.Attribute("class") == "recommended");
        Assert.Equal(result.UnsureExamples.Count, page.Descendants("img").Count());
        Assert.Equal(2 + 2 + 3, page.Descendants("figure").Count());
    }

    [Fact]
    public void Render_RateChart_HasEveryPointIntervalAndTheBandOfNone()
    {
        ComparisonResult result = SyntheticComparisons.Classification();
        XElement chart = Page("classification").Descendants("section").Single(static each => (string?)each.Attribute("id") == "rates").Descendants("figure").First();

        int dropout = result.Candidates.Count(static each => each.Variant != "none");
        Assert.Equal(dropout, chart.Elements("svg").Descendants("path").Count(static each => Has(each, "point")));
        Assert.Equal(dropout, chart.Descendants("path").Count(static each => Has(each, "interval")));
        Assert.Single(chart.Descendants("rect"), static each => Has(each, "band") && Has(each, "none"));
        Assert.Contains(chart.Descendants("title"), static each => each.Value == "none: 0.2150 ±0.0065");
        Assert.Contains(chart.Descendants("title"), static each => each.Value == "Dropout 0.3: 0.1550 ±0.0047");
    }

    [Fact]
    public void Render_ManyVariants_HaveAPictureEach()
    {
        XElement rates = Page("many-variants").Descendants("section").Single(static each => (string?)each.Attribute("id") == "rates");

        Assert.Equal(7, rates.Descendants("figure").Count());
        Assert.Equal("DropConnect", rates.Descendants("h3").ElementAt(4).Value);
    }

    [Fact]
    public void Render_ManyVariantsOfOneRate_StandBesideEachOtherInOnePicture()
    {
        XElement rates = Page("many-variants-of-one-rate").Descendants("section").Single(static each => (string?)each.Attribute("id") == "rates");

        Assert.Equal("Which variant?", rates.Element("h2")!.Value);
        XElement chart = Assert.Single(rates.Descendants("figure"));
        Assert.Equal(7, chart.Descendants("path").Count(static each => Has(each, "point")));
        Assert.Contains(chart.Descendants("text"), static each => each.Value == "SpatialDropout2d");
    }

    [Fact]
    public void Render_Regression_ShowsRowsAndCoverage()
    {
        XElement page = Page("regression");

        Assert.Empty(page.Descendants("img"));
        XElement unsure = page.Descendants("section").Single(static each => (string?)each.Attribute("id") == "unsure");
        Assert.Equal(8, unsure.Descendants("tbody").Single().Elements("tr").Count());
        Assert.Contains("8 of 11 columns", unsure.Value, StringComparison.Ordinal);
        XElement reliability = page.Descendants("section").Single(static each => (string?)each.Attribute("id") == "reliability");
        Assert.Contains(reliability.Descendants("title"), static each => each.Value == "stated 90 %, observed 80 %");
    }

    [Fact]
    public void Render_Incomplete_SaysSo()
    {
        XElement page = Page("incomplete");

        Assert.Contains("stopped", page.Descendants("h1").Single().Value, StringComparison.Ordinal);
        Assert.Contains("--resume", page.Value, StringComparison.Ordinal);
        Assert.Contains("Not trained yet: Dropout 0.3", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SingleSeed_PromisesNoInterval()
    {
        XElement page = Page("single-seed");

        Assert.DoesNotContain("±", page.Descendants("table").First().Value, StringComparison.Ordinal);
        Assert.Contains("One seed was trained", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants("path"), static each => Has(each, "interval"));
    }

    [Fact]
    public void Render_StyleSheet_ThemesEveryColourInLightAndDark()
    {
        string style = Page("classification").Descendants("style").Single().Value;
        string dark = DarkTheme().Match(style).Groups[1].Value;
        string light = style[..style.IndexOf("@media", StringComparison.Ordinal)];

        Assert.Equal(Variable().Matches(light).Select(static each => each.Value), Variable().Matches(dark).Select(static each => each.Value));
        Assert.All(
            Usage().Matches(style).Select(static each => each.Groups[1].Value).Where(static each => each != "--c").Distinct(),
            used => Assert.Contains(used + ":", dark, StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ExistingFile_IsReplacedWhole()
    {
        string folder = Directory.CreateTempSubdirectory("report").FullName;
        try
        {
            string path = Path.Combine(folder, "report.html");
            File.WriteAllText(path, new string('x', 1_000_000));

            ReportWriter.Write(SyntheticComparisons.Classification(), path);

            Assert.Equal(ReportWriter.Render(SyntheticComparisons.Classification()), File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static XElement Page(string name)
    {
        string html = ReportWriter.Render(SyntheticComparisons.All().Single(each => each.Name == name).Result);
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XDocument.Parse(html).Root!;
    }

    private static bool Has(XElement element, string style) => ((string?)element.Attribute("class") ?? string.Empty).Split(' ').Contains(style);

    private static string Visible(XElement page) => string.Concat(page.DescendantNodes().OfType<XText>().Select(static text => text.Value));

    [GeneratedRegex(@"prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}")]
    private static partial Regex DarkTheme();

    [GeneratedRegex(@"--[\w-]+(?=:)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"var\((--[\w-]+)\)")]
    private static partial Regex Usage();
}
