using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Learned;

public sealed class VariationalDivergenceTests
{
    /// <summary>E[ln|N(0, 1)|] = −(γ + ln 2)/2, to which E[ln|1 + √α ε|] − ½ ln α goes as α goes to infinity.</summary>
    private const double AtInfinity = -0.5 * (0.57721566490153286 + 0.69314718055994531);

    [Theory]
    [InlineData(-8.0)]
    [InlineData(-4.0)]
    [InlineData(-2.0)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(4.0)]
    [InlineData(8.0)]
    public void Sigmoid_AnyAlpha_IsTheDivergence(double logAlpha)
    {
        using Tensor fit = VariationalDivergence.Sigmoid(tensor(logAlpha, ScalarType.Float64));

        // The paper calls the fit tight; its figure shows no gap. 0.01 nats is 2 % of the constant k₁.
        Assert.Equal(-(0.5 * logAlpha) + ExpectedLog(logAlpha) - AtInfinity, fit.item<double>(), 0.01);
    }

    [Theory]
    [InlineData(-6.0)]
    [InlineData(-3.0)]
    [InlineData(-2.0)]
    [InlineData(-1.0)]
    [InlineData(-0.5)]
    [InlineData(0.0)]
    public void Cubic_AlphaToOne_IsTheDivergence(double logAlpha)
    {
        using Tensor fit = VariationalDivergence.Cubic(tensor(logAlpha, ScalarType.Float64));

        // Up to a constant, which has no gradient: the fit lies below by 0.02, give or take 0.02.
        Assert.Equal(-(0.5 * logAlpha) + ExpectedLog(logAlpha), fit.item<double>() + 0.02, 0.025);
    }

    [Fact]
    public void Sigmoid_LargeAlpha_GoesToZero()
    {
        using Tensor fit = VariationalDivergence.Sigmoid(tensor(30.0, ScalarType.Float64));

        Assert.Equal(0, fit.item<double>(), 1e-9);
    }

    /// <summary>
    /// E[ln|1 + √α ε|] by the midpoint rule in t, where 1 + √α ε = ±t⁴ folds the logarithm's pole at 0 away.
    /// </summary>
    private static double ExpectedLog(double logAlpha)
    {
        const int Steps = 20_000;
        double deviation = Math.Exp(0.5 * logAlpha), end = Math.Pow(1 + (12 * deviation), 0.25), width = end / Steps, sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            double t = (i + 0.5) * width, x = t * t * t * t;
            double density = Density((x - 1) / deviation) + Density((-x - 1) / deviation);
            sum += Math.Log(x) * density * 4 * t * t * t;
        }

        return sum * width / deviation;
    }

    private static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
}
