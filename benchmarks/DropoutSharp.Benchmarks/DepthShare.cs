namespace DropoutSharp.Benchmarks;

/// <summary>What a way through residual blocks takes, and its share of the plain blocks' time.</summary>
/// <param name="Ms">A step of the way: the mean over its steps, each the median over the turns, in milliseconds.</param>
/// <param name="Share">The share of the plain blocks' time, with what is outside of the blocks taken off both: the median of the turns' shares, each of times that lie side by side.</param>
/// <param name="Low">The lower end of an interval that needs no law of the noise: an order statistic of the turns' shares.</param>
/// <param name="High">The upper end of that interval.</param>
internal readonly record struct DepthShare(double Ms, double Share, double Low, double High)
{
    /// <summary>Computes a share from times of steps, each measured once a turn.</summary>
    /// <param name="way">The times of the way: a row a step, a column a turn.</param>
    /// <param name="plain">The times of the network with every branch run, in the same turns.</param>
    /// <param name="outside">The times of the network without blocks, in the same turns.</param>
    /// <exception cref="ArgumentException">There is no step or no turn, or the three differ in turns.</exception>
    public static DepthShare Of(double[][] way, double[][] plain, double[][] outside)
    {
        int turns = way.Length == 0 ? 0 : way[0].Length;
        foreach (double[][] times in (double[][][])[way, plain, outside])
        {
            if (turns == 0 || times.Length == 0 || times.Any(step => step.Length != turns))
            {
                throw new ArgumentException($"Times must have a step or more, each with the same number of turns; received {times.Length} steps.");
            }
        }

        double[] shares = [.. Enumerable.Range(0, turns)
            .Select(turn => Quotient(way.Average(step => step[turn]), plain.Average(step => step[turn]), outside.Average(step => step[turn])))
            .Order()];
        (int low, int high) = PairedContest.Interval(turns);
        return new DepthShare(Mean(way), Median(shares), shares[low], shares[high]);
    }

    /// <summary>The mean over the steps of the medians over the turns.</summary>
    public static double Mean(double[][] times) => times.Average(static step => Median(step));

    private static double Quotient(double way, double plain, double outside) => (way - outside) / (plain - outside);

    private static double Median(double[] turns)
    {
        double[] sorted = [.. turns.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
