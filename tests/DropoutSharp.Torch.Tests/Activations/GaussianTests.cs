using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Activations;

public sealed class GaussianTests : TensorTests
{
    private const int Draws = 1_000_000;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void GaussianDropout_Ones_HaveMeanOneAndTheVarianceOfDropout(double rate)
    {
        using GaussianDropout dropout = new(rate, seed: 1);
        AssertNormal(dropout.forward(ones(Draws, ScalarType.Float64)), 1, Math.Sqrt(rate / (1 - rate)));
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.5)]
    [InlineData(20)]
    public void GaussianNoise_Anything_GetsANormalSummand(double deviation)
    {
        using GaussianNoise noise = new(deviation, seed: 1);
        Tensor input = arange(Draws, ScalarType.Float64) / Draws;
        AssertNormal(noise.forward(input) - input, 0, deviation);
        Assert.Equal(deviation, noise.StandardDeviation, deviation * 1e-14);
    }

    [Fact]
    public void StandardDeviation_SetBetweenSteps_ChangesTheNoiseNotItsDirection()
    {
        using GaussianNoise noise = new(0.5, seed: 1);
        MaskStream position = noise.Position;
        Tensor input = zeros(100, ScalarType.Float64), half = noise.forward(input, position);
        noise.StandardDeviation = 1;
        AssertClose(half * 2, noise.forward(input, position), 1e-14);
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => noise.StandardDeviation = bad);
            Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianNoise(bad));
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void AlphaDropout_UnitNormal_KeepsMeanAndVariance(double rate)
    {
        using AlphaDropout dropout = new(rate, seed: 1);
        Tensor output = dropout.forward(randn(Draws, ScalarType.Float64)), square = output.square();

        // Independent elements: the spread of what is averaged is taken from the sample.
        Assert.InRange(output.mean().item<double>(), -5 * Error(output), 5 * Error(output));
        Assert.InRange(square.mean().item<double>(), 1 - (5 * Error(square)), 1 + (5 * Error(square)));
    }

    [Fact]
    public void AlphaDropout_MaskShape_IsSharedWhereItIsOne()
    {
        using AlphaDropout dropout = new(0.3, maskShape: [0, 1, 0], seed: 1);
        Tensor output = dropout.forward(ones(64, 5, 40)), dropped = dropout.CurrentMask!.logical_not();
        AlphaAffine law = new(0.3);
        Assert.Equal([64, 1, 40], dropped.shape);
        AssertClose(where(dropped, full_like(output, law.Dropped), full_like(output, law.Scale + law.Shift)), output, 1e-6);
        Assert.Throws<ArgumentException>(() => new AlphaDropout(0.3, maskShape: [-1]));
        Assert.Throws<ArgumentException>(() => dropout.forward(ones(4, 4)));
    }

    private static double Error(Tensor values) => values.std().item<double>() / Math.Sqrt(values.numel());

    private static void AssertNormal(Tensor values, double mean, double deviation)
    {
        Tensor standard = (values - mean) / deviation;

        // The standard errors of mean, variance and fourth moment of n standard normal numbers are 1/√n, √(2/n) and √(96/n).
        double n = values.numel();
        Assert.InRange(standard.mean().item<double>(), -5 / Math.Sqrt(n), 5 / Math.Sqrt(n));
        Assert.InRange(standard.square().mean().item<double>(), 1 - (5 * Math.Sqrt(2 / n)), 1 + (5 * Math.Sqrt(2 / n)));
        Assert.InRange(standard.pow(4).mean().item<double>(), 3 - (5 * Math.Sqrt(96 / n)), 3 + (5 * Math.Sqrt(96 / n)));
    }
}
