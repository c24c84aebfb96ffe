using System.Xml.Linq;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Lab.Tests.Literature;

public sealed class CubicToyTests
{
    [Fact]
    public void Run_AwayFromThePoints_IsLessSure()
    {
        CubicToyResult result = CubicToy.Run(steps: 800, passes: 50, seed: 0, TestContext.Current.CancellationToken);

        Assert.Equal(20, result.X.Count);
        Assert.All(result.X, x => Assert.InRange(x, -4, 4));
        Assert.True(result.EpistemicOutside > 1.5 * result.EpistemicInside, $"{result.EpistemicInside} inside, {result.EpistemicOutside} outside");
        Assert.All(result.Epistemic.Zip(result.Total), pair => Assert.Equal(Math.Sqrt((pair.First * pair.First) + 9), pair.Second, 1e-9));
        XElement picture = XDocument.Parse(ToyPictures.Cubic(result)).Root!;
        Assert.Equal(2, picture.Descendants().Count(each => ((string?)each.Attribute("class"))?.StartsWith("band", StringComparison.Ordinal) == true));
        Assert.DoesNotContain(picture.Descendants().Attributes("d"), path => path.Value.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void ConcreteRates_OfResults_HasALineEach()
    {
        ConcreteToyResult[] results = [.. ((int[])[10, 100]).Select(rows => new ConcreteToyResult(rows, [0.1], 1, 1, 1, [0.2, 0.1], 1))];

        XElement picture = XDocument.Parse(ToyPictures.ConcreteRates(results, 1000)).Root!;

        Assert.Contains(picture.Descendants(), each => each.Value == "100 rows");
        Assert.Equal(6, picture.Descendants().Count(each => each.Name.LocalName == "title"));
    }
}
