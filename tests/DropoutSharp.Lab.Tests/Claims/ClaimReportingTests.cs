using System.Xml.Linq;
using DropoutSharp.Lab.Claims;
using DropoutSharp.Lab.Claims.Reporting;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class ClaimReportingTests
{
    [Fact]
    public void Page_AnyResults_IsWellFormedAndEscaped()
    {
        string page = ClaimPage.Render([Result(ClaimVerdict.Holds), Result(ClaimVerdict.DoesNotHold)]);

        XDocument document = XDocument.Parse(page.Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        Assert.Contains("1 of 2 claims hold", page, StringComparison.Ordinal);
        Assert.Contains("a &lt; b", page, StringComparison.Ordinal);
        Assert.Equal(2, document.Descendants("figure").Count());
        Assert.Equal(2, document.Descendants("details").Count());
    }

    [Fact]
    public void Evidence_Written_LiesBesideItsPictures()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("evidence.md");

        ClaimEvidence.Write([Result(ClaimVerdict.Undecided)], "dropout claims", path);

        string text = File.ReadAllText(path);
        Assert.Contains("(evidence/test.svg)", text, StringComparison.Ordinal);
        Assert.Contains("**undecided**", text, StringComparison.Ordinal);
        Assert.Contains("0.50 nats [0.25, 0.75]", text, StringComparison.Ordinal);
        XDocument picture = XDocument.Parse(File.ReadAllText(folder.PathOf(Path.Combine("evidence", "test.svg"))));
        Assert.Equal("svg", picture.Root!.Name.LocalName);
    }

    [Fact]
    public void TextReport_Result_SaysWhatWasMeasuredAndByWhichRule()
    {
        using StringWriter output = new();

        ClaimTextReport.Write(Result(ClaimVerdict.DoesNotHold), output);

        Assert.Contains("7. test: DOES NOT HOLD", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("rule: the 95 % interval of x lies above 0", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.0123, "−0.0123")]
    [InlineData(1234.4, "1234")]
    [InlineData(0.00001, "1.0E−5")]
    [InlineData(-1.9e-15, "0")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Number_AnySize_HasAboutThreeDigits(double value, string expected) => Assert.Equal(expected, ClaimText.Number(value));

    [Theory]
    [InlineData(0.99998, 0.99987, 1.0001, "0.99998 [0.99987, 1.00010]")]
    [InlineData(6.3114, 5.3712, 7.2514, "6.3 [5.4, 7.3]")]
    [InlineData(-0.0001, -0.0207, 0.0203, "0.000 [−0.021, 0.020]")]
    [InlineData(170, -400, 740, "170 [−400, 740]")]
    [InlineData(2, 1, double.PositiveInfinity, "2 [1, ∞]")]
    public void Interval_AnyWidth_TellsItsEndsApart(double mean, double low, double high, string expected) =>
        Assert.Equal(expected, ClaimText.Interval(new Measurement("x", string.Empty, mean, low, high, 4)));

    internal static ClaimResult Result(ClaimVerdict verdict)
    {
        var measured = new Measurement("x", "nats", 0.5, 0.25, 0.75, 4);
        return new ClaimResult
        {
            Claim = "a < b",
            Name = "test",
            Number = 7,
            Verdict = verdict,
            Seconds = 12,
            ProcessorSeconds = 20,
            Method = "m",
            Data = "digits",
            Parts = [ClaimPart.Above("s", measured, 0)],
            Measured = [measured],
            Picture = new ClaimPicture
            {
                Description = "d",
                XTitle = "x",
                YTitle = "y",
                XNames = ["none", "some"],
                Series = [new ClaimSeries("one & two", [new ClaimPoint(0, 1, 0.5, 1.5), new ClaimPoint(1, 2, 1.5, 2.5)], Joined: false)],
            },
        };
    }
}
