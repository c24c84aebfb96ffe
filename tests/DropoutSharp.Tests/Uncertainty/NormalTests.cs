using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class NormalTests
{
    /// <summary>Values to 16 digits from the tables of Abramowitz and Stegun 1964, 26.1 and 26.2.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6914624612740131)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-1, 0.15865525393145705)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-2, 0.022750131948179207)]
    [InlineData(-2.5, 0.006209665325776132)]
    [InlineData(-3, 0.0013498980316300946)]
    [InlineData(-5, 2.866515718791939e-7)]
    [InlineData(-10, 7.61985302416053e-24)]
    [InlineData(-37, 5.725571222524577e-300)]
    public void Cdf_KnownValue_IsRightInBothTails(double z, double expected)
    {
        Assert.Equal(1, Normal.Cdf(z) / expected, 1e-13);
        Assert.Equal(1 - expected, Normal.Cdf(-z), 1e-15);
    }

    [Fact]
    public void Cdf_WhereTheMethodsMeet_IsMonotone()
    {
        double before = 0;
        for (double z = -4; z < 4; z += 1e-3)
        {
            double value = Normal.Cdf(z);
            Assert.True(value > before);
            before = value;
        }

        Assert.Equal(0, Normal.Cdf(double.NegativeInfinity));
        Assert.Equal(1, Normal.Cdf(double.PositiveInfinity));
        Assert.True(double.IsNaN(Normal.Cdf(double.NaN)));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-12)]
    [InlineData(0.001)]
    [InlineData(0.025)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.84)]
    [InlineData(0.999999)]
    public void Quantile_OfAnyProbability_IsTheInverseOfCdf(double probability)
    {
        double z = Normal.Quantile(probability);

        Assert.Equal(1, Normal.Cdf(z) / probability, 1e-11);
        if (probability > 1e-9)
        {
            Assert.Equal(z, -Normal.Quantile(1 - probability), 1e-6);
        }
    }

    [Fact]
    public void Quantile_AtTheEnds_IsInfinite()
    {
        Assert.Equal(double.NegativeInfinity, Normal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, Normal.Quantile(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.Quantile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.Quantile(1.5));
    }
}
