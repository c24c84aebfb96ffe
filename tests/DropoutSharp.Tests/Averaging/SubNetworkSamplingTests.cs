using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class SubNetworkSamplingTests
{
    [Fact]
    public void Average_ManyPasses_ApproachesTheEnumeration()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Relu, 4, 6, 3);
        double[] input = Normals(99, 4);
        EnsembleAverage exact = SubNetworkEnumeration.Average(network, input);
        const int Passes = 20_000;

        double[] sampled = SubNetworkSampling.Average(network, input, Passes, new MaskStream(1)).ArithmeticMean();

        double[] mean = exact.ArithmeticMean(), deviation = exact.StandardDeviation();
        for (int i = 0; i < sampled.Length; i++)
        {
            // Five standard errors of a mean of independent sub-networks.
            double bound = 5 * deviation[i] / Math.Sqrt(Passes);
            Assert.InRange(sampled[i], mean[i] - bound, mean[i] + bound);
        }
    }

    [Fact]
    public void Average_SamePosition_GivesTheSameBits()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Relu, 4, 6, 3);
        double[] input = Normals(99, 4);

        double[] Run(uint step) => SubNetworkSampling.Average(network, input, 20, new MaskStream(5, step)).ArithmeticMean();

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(100));
    }

    [Fact]
    public void Draw_Layers_DrawAtSitesOfTheirOwn()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Relu, 40, 60, 3);
        var mask = new bool[network.Units];

        SubNetworkSampling.Draw(network, new MaskStream(8, 2, 4), mask);

        for (int unit = 0; unit < 60; unit++)
        {
            Assert.Equal(new MaskStream(8, 2, 5).IsKept(unit, network.Layers[1].DropRates[unit]), mask[40 + unit]);
        }
    }

    [Fact]
    public void Average_NoPasses_IsRefused()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Identity, 3, 2);

        Assert.Contains("at least 1; received 0", Assert.Throws<ArgumentOutOfRangeException>(
            () => SubNetworkSampling.Average(network, new double[3], 0, default)).Message, StringComparison.Ordinal);
    }
}
