using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class RiskCoverageTests
{
    [Fact]
    public void Curve_SortedByUncertainty_IsTheMeanLossOfTheCertain()
    {
        RiskCoveragePoint[] curve = RiskCoverage.Curve<double>([0.3, 0.1, 0.2, 0.4], [1, 0, 0, 1]);

        Assert.Equal([0.25, 0.5, 0.75, 1], curve.Select(point => point.Coverage));
        Assert.Equal([0, 0, 1.0 / 3, 0.5], curve.Select(point => point.Risk));
    }

    [Fact]
    public void Area_UninformativeUncertainty_IsTheMeanLoss()
    {
        Assert.Equal(0.5, RiskCoverage.Area<double>([1, 1, 1, 1], [1, 0, 1, 0]), 1e-14);
        Assert.Equal(0.5, RiskCoverage.Area<float>([1, 1, 1, 1], [0, 0, 1, 1]), 1e-14);
    }

    [Fact]
    public void ExcessArea_PerfectRanking_IsZero()
    {
        Assert.Equal(0, RiskCoverage.ExcessArea<double>([1, 2, 3], [0.5, 0.7, 2]), 1e-14);
        Assert.True(RiskCoverage.ExcessArea<double>([3, 2, 1], [0.5, 0.7, 2]) > 0);
    }

    [Fact]
    public void Curve_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "Losses must be one a row, 2; received 1.",
            Assert.Throws<ArgumentException>(() => RiskCoverage.Curve<double>([1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "An uncertainty must be a number; received NaN in row 0.",
            Assert.Throws<ArgumentException>(() => RiskCoverage.Curve<double>([double.NaN], [1])).Message, StringComparison.Ordinal);
    }
}
