namespace DropoutSharp.Tests;

public sealed class DepthRatesTests
{
    [Fact]
    public void Linear_LastHalf_IsHuangsTable()
    {
        // ResNet-110: 54 blocks, survival 1 − l/54·0.5; the paper's examples are l = 1, 27 and 54.
        DropRate[] rates = DepthRates.Linear(0.5, 54);

        Assert.Equal(54, rates.Length);
        Assert.Equal(0.5 / 54, rates[0].Value, 1e-15);
        Assert.Equal(0.25, rates[26].Value, 1e-15);
        Assert.Equal(0.5, rates[53].Value);
    }

    [Fact]
    public void Linear_LastHalf_RunsThreeQuartersOfTheBlocksOnAverage()
    {
        // Huang et al., section 3: the expected depth is (3L − 1)/4, about 40 of 54.
        double expectedDepth = DepthRates.Linear(0.5, 54).Sum(rate => rate.KeepProbability);

        Assert.Equal(((3 * 54) - 1) / 4.0, expectedDepth, 1e-12);
    }

    [Fact]
    public void FromFirst_TwelveBlocks_IsTimmsLinspace()
    {
        DropRate[] rates = DepthRates.FromFirst(0.1, 12);

        for (int block = 0; block < 12; block++)
        {
            Assert.Equal(0.1 * block / 11, rates[block].Value, 1e-15);
        }

        Assert.Equal(0.1, rates[11].Value);
    }

    [Fact]
    public void FromFirst_OneBlock_IsZero() => Assert.Equal(0, Assert.Single(DepthRates.FromFirst(0.3, 1)).Value);

    [Fact]
    public void Linear_OneBlock_IsTheRate() => Assert.Equal(0.3, Assert.Single(DepthRates.Linear(0.3, 1)).Value);

    [Fact]
    public void Uniform_AnyDepth_IsTheRateEverywhere() => Assert.Equal([0.3, 0.3, 0.3], DepthRates.Uniform(0.3, 3));

    [Fact]
    public void AnyRule_NoBlocks_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthRates.Linear(0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthRates.Uniform(0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthRates.FromFirst(0.5, -1));
    }
}
