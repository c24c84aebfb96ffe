using CsCheck;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Tests.Prediction;

public sealed class GaussianMixtureTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.975)]
    public void Quantile_OnePass_IsTheGaussians(double share) =>
        Assert.Equal(3 + (2 * Normal.Quantile(share)), GaussianMixture.Quantile([3.0], 2, share), 1e-9);

    [Fact]
    public void Quantile_TwoPassesFarApart_LeavesHalfOfATailToEach()
    {
        // With the components 100 deviations apart, each holds its half of the mixture alone: 5 % of all is 10 % of the lower one.
        Assert.Equal(-50 + Normal.Quantile(0.1), GaussianMixture.Quantile([-50.0, 50.0], 1, 0.05), 1e-9);
        Assert.Equal(50 + Normal.Quantile(0.9), GaussianMixture.Quantile([-50.0, 50.0], 1, 0.95), 1e-9);
    }

    [Fact]
    public void Quantile_NoNoise_IsAPass() => Assert.Equal(2, GaussianMixture.Quantile([3.0, 1.0, 2.0], 0, 0.5), 1e-9);

    [Fact]
    public void Quantile_AnyMixture_HasItsShareBelowIt() =>
        Gen.Select(Gen.Double[-1e3, 1e3].Array[1, 20], Gen.Double[1e-3, 1e2], Gen.Double[0.001, 0.999]).Sample(static (means, deviation, share) =>
        {
            double quantile = GaussianMixture.Quantile(means, deviation, share);
            double below = means.Average(mean => Normal.Cdf((quantile - mean) / deviation));

            // The quantile is found to 1e-12 of its size, at most 2e-9 here; the density is at most 0.4 / deviation.
            Assert.Equal(share, below, 2e-9 * 0.4 / deviation + 1e-12);
        }, seed: "0000000000000000");
}
