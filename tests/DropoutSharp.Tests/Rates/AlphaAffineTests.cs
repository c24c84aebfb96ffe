namespace DropoutSharp.Tests;

public sealed class AlphaAffineTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void Constructor_AnyRate_KeepsMeanAndVarianceOfAUnitNormal(double dropRate)
    {
        var affine = new AlphaAffine(dropRate);
        double keep = 1 - dropRate;

        // A mixture of the affine image of N(0, 1) and of one point: its moments in closed form.
        double mean = (keep * affine.Shift) + (dropRate * affine.Dropped);
        double second = (keep * ((affine.Scale * affine.Scale) + (affine.Shift * affine.Shift)))
            + (dropRate * affine.Dropped * affine.Dropped);

        Assert.Equal(0, mean, 1e-12);
        Assert.Equal(1, second - (mean * mean), 1e-12);
    }

    [Fact]
    public void Constructor_RateZero_IsTheIdentity()
    {
        var affine = new AlphaAffine(0);

        Assert.Equal(1, affine.Scale);
        Assert.Equal(0, affine.Shift);
    }

    [Fact]
    public void Constructor_RateOne_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaAffine(1));
}
