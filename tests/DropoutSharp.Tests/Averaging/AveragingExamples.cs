using DropoutSharp.Averaging;

namespace DropoutSharp.Tests.Averaging;

/// <summary>Networks and numbers that are the same on every run.</summary>
internal static class AveragingExamples
{
    public static double[] Normals(uint site, int count, double scale = 1)
    {
        var stream = new MaskStream(20140615, 0, site);
        return [.. Enumerable.Range(0, count).Select(i => scale * stream.Normal(i))];
    }

    public static DropRate[] Rates(uint site, int count)
    {
        var stream = new MaskStream(20140615, 1, site);
        return [.. Enumerable.Range(0, count).Select(i => new DropRate(0.05 + (0.9 * stream.Uniform(i))))];
    }

    public static DenseNetwork Network(OutputKind output, HiddenActivation hidden, params int[] sizes)
    {
        var layers = new List<DenseLayer>();
        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            uint site = (uint)(10 * i);
            layers.Add(new DenseLayer(
                Normals(site + 1, sizes[i] * sizes[i + 1]), Normals(site + 2, sizes[i + 1]), Rates(site + 3, sizes[i])));
        }

        return new DenseNetwork(layers, hidden, output);
    }

    /// <summary>The definition, as slow and obvious code: every mask, one after the other.</summary>
    public static EnsembleAverage BruteForce(DenseNetwork network, double[] input)
    {
        var rates = network.Layers.SelectMany(layer => layer.DropRates.ToArray()).ToArray();
        var average = new EnsembleAverage(network.Output, network.Outputs);
        var mask = new bool[rates.Length];
        var logits = new double[network.Outputs];
        for (long bits = 0; bits < 1L << rates.Length; bits++)
        {
            double weight = 1;
            for (int unit = 0; unit < mask.Length; unit++)
            {
                mask[unit] = (bits >> unit & 1) != 0;
                weight *= mask[unit] ? rates[unit].KeepProbability : rates[unit].Value;
            }

            network.SubNetworkLogits(input, mask, logits);
            average.Add(logits, weight);
        }

        return average;
    }

    public static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
        }
    }
}
