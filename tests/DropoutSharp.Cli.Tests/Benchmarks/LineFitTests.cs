using DropoutSharp.Benchmarks;

namespace DropoutSharp.Cli.Tests.Benchmarks;

public sealed class LineFitTests
{
    [Fact]
    public void Through_PointsOfALine_FindsIt()
    {
        LineFit line = LineFit.Through([32, 128, 512], [0.38 + (32 * 0.005), 0.38 + (128 * 0.005), 0.38 + (512 * 0.005)]);

        Assert.Equal(0.005, line.Slope, 1e-12);
        Assert.Equal(0.38, line.Intercept, 1e-12);
    }

    [Fact]
    public void Through_LargeValueThatIsOff_WeighsByItsShare()
    {
        // Relative errors count: with y = 1, 2 and 40 in place of 4 at x = 1, 2 and 4, the third weighs 1/1600 beside 1 and 1/4, and the line stays near y = x.
        LineFit line = LineFit.Through([1, 2, 4], [1, 2, 40]);

        Assert.InRange(line.Slope, 1, 1.6);
        Assert.InRange(line.Intercept, -0.5, 0);
    }
}
