namespace DropoutSharp;

/// <summary>Drop rates over the depth of a network: one for each residual block, from the first to the last.</summary>
/// <remarks>
/// The rules differ between papers and libraries by what the first block gets, so each has its name and none is a default.
/// Blocks are counted l = 1 … L in the formulas and from index 0 in the arrays.
/// </remarks>
public static class DepthRates
{
    /// <summary>Huang's linear rule: block l of L gets <c>last·l/L</c>, so that the first block already drops a little.</summary>
    /// <param name="last">The drop rate of the last block, in [0, 1]. Huang et al. use 0.5 for a ResNet of 54 blocks.</param>
    /// <param name="depth">The number of blocks L, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is below 1.</exception>
    /// <remarks>Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth", ECCV 2016, eq. 4.</remarks>
    public static DropRate[] Linear(DropRate last, int depth) => Fill(last, depth, static (l, depth) => (double)l / depth);

    /// <summary>Every block gets the same rate.</summary>
    /// <param name="dropRate">The drop rate of every block, in [0, 1].</param>
    /// <param name="depth">The number of blocks, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is below 1.</exception>
    public static DropRate[] Uniform(DropRate dropRate, int depth) => Fill(dropRate, depth, static (_, _) => 1);

    /// <summary>
    /// timm's linear rule: block l of L gets <c>last·(l−1)/(L−1)</c>, so that the first block is never dropped. A single block gets 0, as there.
    /// </summary>
    /// <param name="last">The drop rate of the last block, in [0, 1]. DeiT and ViT recipes use 0.1 for small and base, up to 0.4 for huge models.</param>
    /// <param name="depth">The number of blocks L, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is below 1.</exception>
    public static DropRate[] FromFirst(DropRate last, int depth) =>
        Fill(last, depth, static (l, depth) => depth == 1 ? 0 : (l - 1.0) / (depth - 1.0));

    private static DropRate[] Fill(DropRate last, int depth, Func<int, int, double> share)
    {
        if (depth < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(depth), depth, $"Depth must be at least 1; received {depth}.");
        }

        var rates = new DropRate[depth];
        for (int block = 0; block < depth; block++)
        {
            double part = share(block + 1, depth);
            rates[block] = part == 1 ? last : last.Value * part;
        }

        return rates;
    }
}
