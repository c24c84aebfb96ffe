namespace DropoutSharp.Averaging;

/// <summary>The Monte-Carlo average: the mean of a number of sub-networks drawn as training draws them.</summary>
public static class SubNetworkSampling
{
    /// <summary>Averages sampled sub-networks for one input.</summary>
    /// <param name="network">Any number of droppable units.</param>
    /// <param name="input">As many numbers as the network has inputs.</param>
    /// <param name="passes">How many sub-networks, at least 1.</param>
    /// <param name="stream">Where the masks come from: pass t draws layer l's mask at step <c>Step + t</c> and site <c>Site + l</c>.</param>
    /// <returns>The average, each sub-network with weight 1.</returns>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="passes"/> is below 1.</exception>
    public static EnsembleAverage Average(DenseNetwork network, ReadOnlySpan<double> input, int passes, MaskStream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (passes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(passes), passes, $"Passes must be at least 1; received {passes}.");
        }

        var average = new EnsembleAverage(network.Output, network.Outputs);
        var mask = new bool[network.Units];
        var logits = new double[network.Outputs];
        for (int pass = 0; pass < passes; pass++)
        {
            Draw(network, stream with { Step = stream.Step + (uint)pass }, mask);
            network.SubNetworkLogits(input, mask, logits);
            average.Add(logits);
        }

        return average;
    }

    /// <summary>Draws the mask of one sub-network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">Where the mask comes from: layer l draws at site <c>Site + l</c>.</param>
    /// <param name="destination">Takes one entry for each unit of the network.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Draw(DenseNetwork network, MaskStream stream, Span<bool> destination)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (destination.Length != network.Units)
        {
            throw new ArgumentException($"A mask must have one entry for each of {network.Units} units; received {destination.Length}.", nameof(destination));
        }

        int first = 0;
        for (int index = 0; index < network.Layers.Count; index++)
        {
            DenseLayer layer = network.Layers[index];
            MaskStream site = stream with { Site = stream.Site + (uint)index };
            for (int unit = 0; unit < layer.Inputs; unit++)
            {
                destination[first + unit] = site.IsKept(unit, layer.DropRates[unit]);
            }

            first += layer.Inputs;
        }
    }
}
