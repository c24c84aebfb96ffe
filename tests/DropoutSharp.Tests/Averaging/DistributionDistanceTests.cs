using CsCheck;
using DropoutSharp.Averaging;

namespace DropoutSharp.Tests.Averaging;

public sealed class DistributionDistanceTests
{
    private static readonly Gen<(double[] P, double[] Q)> TwoDistributions =
        Gen.Int[2, 8].SelectMany(n => Gen.Select(Gen.Double[0, 1].Array[n], Gen.Double[0, 1].Array[n]))
            .Where(pair => pair.Item1.Sum() > 0 && pair.Item2.Sum() > 0)
            .Select(pair => (Normalise(pair.Item1), Normalise(pair.Item2)));

    [Fact]
    public void KullbackLeibler_KnownPair_IsTheSum() =>
        Assert.Equal(
            (0.5 * Math.Log(0.5 / 0.25)) + (0.5 * Math.Log(0.5 / 0.75)),
            DistributionDistance.KullbackLeibler([0.5, 0.5], [0.25, 0.75]),
            15);

    [Fact]
    public void KullbackLeibler_ImpossibleEvent_IsInfinite()
    {
        Assert.Equal(double.PositiveInfinity, DistributionDistance.KullbackLeibler([0.5, 0.5], [1, 0]));
        Assert.Equal(Math.Log(2), DistributionDistance.KullbackLeibler([1, 0], [0.5, 0.5]), 1e-15);
    }

    [Fact]
    public void TotalVariation_DisjointDistributions_IsOne() => Assert.Equal(1, DistributionDistance.TotalVariation([1, 0], [0, 1]));

    [Fact]
    public void JensenShannon_DisjointDistributions_IsLogTwo() =>
        Assert.Equal(Math.Log(2), DistributionDistance.JensenShannon([1, 0], [0, 1]), 1e-15);

    [Fact]
    public void TotalVariation_AnyPair_ObeysPinsker() =>
        TwoDistributions.Sample(pair =>
        {
            double distance = DistributionDistance.TotalVariation(pair.P, pair.Q);
            return distance is >= 0 and <= 1 + 1e-12
                && distance <= Math.Sqrt(DistributionDistance.KullbackLeibler(pair.P, pair.Q) / 2) + 1e-7;
        });

    [Fact]
    public void JensenShannon_AnyPair_IsSymmetric() =>
        TwoDistributions.Sample(pair =>
            Math.Abs(DistributionDistance.JensenShannon(pair.P, pair.Q) - DistributionDistance.JensenShannon(pair.Q, pair.P)) < 1e-12);

    [Fact]
    public void KullbackLeibler_DifferentLengths_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DistributionDistance.KullbackLeibler([1], [0.5, 0.5]));

    private static double[] Normalise(double[] values) => [.. values.Select(value => value / values.Sum())];
}
