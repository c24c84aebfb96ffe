namespace DropoutSharp.Averaging;

/// <summary>The average of all 2^d sub-networks of a small network, each weighted by the probability of its mask.</summary>
/// <remarks>
/// <para>Where dropout stands only before the last layer of a softmax or sigmoid network, the normalised geometric mean of all sub-networks
/// <i>equals</i> the network with scaled weights, whatever the rates: the mean of <c>ln p</c> is the mean of the logits up to a constant,
/// and logits are linear in the mask. In deeper networks the two differ (Baldi and Sadowski 2013; Warde-Farley et al. 2014).</para>
/// <para>Masks are walked in Gray code, layer in layer: from one mask to the next one unit changes, and the logits of the layer that it feeds
/// are corrected by one column of the weights. They are summed anew every 256 masks, so that rounding does not pile up. Units that hold 0 for
/// this input make no difference, so their two cases are run once. The answer does not depend on the number of threads.</para>
/// </remarks>
public static class SubNetworkEnumeration
{
    /// <summary>The largest number of droppable units: 2²⁰ sub-networks.</summary>
    public const int MaxDroppableUnits = 20;

    private const int MaxChunksLog2 = 6;

    /// <summary>Averages all sub-networks for one input.</summary>
    /// <param name="network">A network with at most <see cref="MaxDroppableUnits"/> droppable units.</param>
    /// <param name="input">As many numbers as the network has inputs.</param>
    /// <param name="maxDegreeOfParallelism">How many threads at most; −1 for as many as there are processors.</param>
    /// <returns>The average, whose weights add to one.</returns>
    /// <exception cref="ArgumentException">The input has another length, or the network too many droppable units.</exception>
    public static EnsembleAverage Average(DenseNetwork network, ReadOnlySpan<double> input, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Check(input);
        if (network.DroppableUnits > MaxDroppableUnits)
        {
            throw new ArgumentException(
                $"A network can be enumerated with at most {MaxDroppableUnits} droppable units; received {network.DroppableUnits}. Sample its sub-networks instead.",
                nameof(network));
        }

        double[] units = input.ToArray();
        var first = new SubNetworkWalk(network, units);
        int chunks = 1 << Math.Min(MaxChunksLog2, first.UnitsToEnumerate);
        var averages = new EnsembleAverage[chunks];
        Parallel.For(
            0,
            chunks,
            new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism },
            chunk => averages[chunk] = new SubNetworkWalk(network, units).Run(chunk, chunks));

        var average = new EnsembleAverage(network.Output, network.Outputs);
        foreach (EnsembleAverage part in averages)
        {
            average.Add(part);
        }

        return average;
    }
}
