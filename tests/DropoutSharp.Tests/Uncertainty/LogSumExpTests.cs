using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class LogSumExpTests
{
    [Theory]
    [InlineData(1.0, 2.0, 3.0)]
    [InlineData(3.0, 2.0, 1.0)]
    [InlineData(-1.0, -1.0, -1.0)]
    public void Value_AnyOrder_IsTheLogarithmOfTheSum(double a, double b, double c) =>
        Assert.Equal(Math.Log(Math.Exp(a) + Math.Exp(b) + Math.Exp(c)), Of(a, b, c), 1e-14);

    [Fact]
    public void Value_HugeAndTinyTerms_NeitherOverflowsNorUnderflows()
    {
        Assert.Equal(1e5 + Math.Log(2), Of(1e5, 1e5), 1e-9);
        Assert.Equal(-1e5 + Math.Log(2), Of(-1e5, -1e5), 1e-9);
        Assert.Equal(1e5, Of(-1e5, 1e5), 1e-9);
    }

    [Fact]
    public void Value_InfiniteTerms_AreSums()
    {
        Assert.Equal(double.NegativeInfinity, Of());
        Assert.Equal(double.NegativeInfinity, Of(double.NegativeInfinity));
        Assert.Equal(2, Of(double.NegativeInfinity, 2));
        Assert.Equal(double.PositiveInfinity, Of(1, double.PositiveInfinity, double.PositiveInfinity, 3));
    }

    [Theory]
    [InlineData(double.NaN, 1, 2)]
    [InlineData(1, double.NaN, 2)]
    [InlineData(double.PositiveInfinity, double.NaN, 2)]
    [InlineData(1, double.NaN, double.PositiveInfinity)]
    public void Value_NaN_StaysNaN(double a, double b, double c) => Assert.True(double.IsNaN(Of(a, b, c)));

    private static double Of(params double[] terms)
    {
        LogSumExp sum = default;
        foreach (double term in terms)
        {
            sum.Add(term);
        }

        return sum.Value;
    }
}
