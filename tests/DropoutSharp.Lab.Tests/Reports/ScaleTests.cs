using CsCheck;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Tests.Reports;

public sealed class ScaleTests
{
    [Fact]
    public void Linear_SimpleRange_HasRoundTicks()
    {
        Scale scale = Scale.Linear([0.141, 0.2215], 5);

        Assert.Equal(["0.14", "0.16", "0.18", "0.20", "0.22", "0.24"], scale.Ticks.Select(scale.Label));
    }

    [Fact]
    public void Linear_NegativeTicks_HaveARealMinusAndNoNegativeZero()
    {
        Scale scale = Scale.Linear([-0.5, 1.5], 4);

        Assert.Equal(["−0.5", "0.0", "0.5", "1.0", "1.5"], scale.Ticks.Select(scale.Label));
    }

    [Fact]
    public void LogarithmicWhereWide_ThreeDecades_HasTicksOfEveryDecade()
    {
        Scale scale = Scale.LogarithmicWhereWide([0.0021, 2.3], 6);

        Assert.True(scale.IsLogarithmic);
        Assert.Equal(["0.003", "0.01", "0.03", "0.1", "0.3", "1"], scale.Ticks.Select(scale.Label));
        Assert.Equal(1.0 / 3, scale.Fraction(Math.Pow(scale.Maximum, 1.0 / 3) * Math.Pow(scale.Minimum, 2.0 / 3)), 1e-12);
    }

    [Theory]
    [InlineData(-1.0, 2.0)]
    [InlineData(0.0, 2.0)]
    [InlineData(0.5, 2.0)]
    public void LogarithmicWhereWide_NarrowOrNotPositive_IsLinear(double low, double high) =>
        Assert.False(Scale.LogarithmicWhereWide([low, high], 6).IsLogarithmic);

    [Fact]
    public void Linear_AnyValues_CoversThemWithSomeTicksInOrder() =>
        Gen.Double[-1e9, 1e9].Array[0, 12].Sample(static values =>
        {
            Scale scale = Scale.Linear(values, 5);
            Assert.All(values, value => Assert.InRange(scale.Fraction(value), -1e-9, 1 + 1e-9));
            Assert.InRange(scale.Ticks.Count, 2, 9);
            Assert.Equal(scale.Ticks.Order(), scale.Ticks);
            Assert.Equal(scale.Ticks.Count, scale.Ticks.Select(scale.Label).Distinct().Count());
        }, seed: "0000000000000000");

    [Fact]
    public void Linear_ValuesThatAreNotFinite_AreLeftOut()
    {
        Scale scale = Scale.Linear([double.NaN, 1, double.PositiveInfinity, 3], 4);

        Assert.Equal((1, 3), (scale.Minimum, scale.Maximum));
    }
}
