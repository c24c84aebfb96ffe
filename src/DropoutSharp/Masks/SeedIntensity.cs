namespace DropoutSharp;

/// <summary>Solves how many seeds DropBlock needs so that the mean cell is dropped at the given rate.</summary>
internal static class SeedIntensity
{
    /// <summary>How many positions of an axis hold a seed whose block covers a position.</summary>
    public static int Covering(int position, int size, int block) =>
        Math.Min(size - 1, position + ((block - 1) / 2)) - Math.Max(0, position - (block / 2)) + 1;

    /// <summary>The λ = −ln(1 − γ) at which the mean of exp(−λ·covering) over all cells is the keep probability.</summary>
    public static double Solve(ReadOnlySpan<int> map, ReadOnlySpan<int> block, DropRate dropRate)
    {
        if (dropRate.KeepsAll)
        {
            return 0;
        }

        if (dropRate.DropsAll)
        {
            return double.PositiveInfinity;
        }

        (long Covering, double Share)[] coverage = Coverage(map, block);
        if (coverage.Length == 0)
        {
            return 0;
        }

        // The mean lies between the terms of the cells that are covered most and least, which brackets λ.
        double keep = dropRate.KeepProbability, log = -Math.Log(keep);
        double low = log / coverage[^1].Covering, high = log / coverage[0].Covering;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            double mean = 0;
            foreach ((long covering, double share) in coverage)
            {
                mean += share * Math.Exp(-middle * covering);
            }

            (low, high) = mean > keep ? (middle, high) : (low, middle);
        }
    }

    /// <summary>Which numbers of covering seeds occur, ascending, and the share of cells that have each.</summary>
    private static (long Covering, double Share)[] Coverage(ReadOnlySpan<int> map, ReadOnlySpan<int> block)
    {
        var coverage = new SortedDictionary<long, double> { [1] = 1 };
        for (int axis = 0; axis < map.Length; axis++)
        {
            var next = new SortedDictionary<long, double>();
            var onAxis = new SortedDictionary<int, int>();
            for (int position = 0; position < map[axis]; position++)
            {
                int covering = Covering(position, map[axis], block[axis]);
                onAxis[covering] = onAxis.GetValueOrDefault(covering) + 1;
            }

            foreach ((long outer, double share) in coverage)
            {
                foreach ((int covering, int positions) in onAxis)
                {
                    long product = outer * covering;
                    next[product] = next.GetValueOrDefault(product) + (share * positions / map[axis]);
                }
            }

            coverage = next;
        }

        return [.. coverage.Select(static pair => (pair.Key, pair.Value))];
    }
}
