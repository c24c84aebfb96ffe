namespace DropoutSharp.Torch;

/// <summary>What Monte-Carlo passes cost in one way or another.</summary>
/// <remarks>
/// A pass takes <c>rows · (products · ProductNs + elements · ElementNs)</c> and, whatever its rows, its weights' way through memory and its calls. That fixed part is what stacking shares among passes: it is done while it is more than a gain worth
/// looking for. Passes side by side, one thread each, overlap their calls and wait for each other once a group of passes, not once an operation. Passes that are thinned have fewer products and elements, and copy their weights, or, with few rows, read them where they lie. <c>dropout bench costs</c> measures all constants; a choice changes no result beyond rounding.
/// </remarks>
/// <param name="Layers">What training's choice goes by too: products, and the weights' way through memory.</param>
/// <param name="RetakeNs">Copying a kept weight out of a matrix that the pass before read too, in nanoseconds: less than <see cref="ThinningCosts.TakeNs"/>, as the caches still hold it or a part of it.</param>
/// <param name="UncopiedNs">Reading a kept weight where it lies in the whole matrix, beside its multiplications with few rows, in nanoseconds.</param>
/// <param name="ElementNs">A number that a step between two products reads and writes, in nanoseconds.</param>
/// <param name="CallNs">A step of a pass with all units whatever its size, in nanoseconds.</param>
/// <param name="ThinnedCallNs">A step of a thinned pass whatever its size, in nanoseconds: index lists, small copies.</param>
internal readonly record struct McCosts(ThinningCosts Layers, double RetakeNs, double UncopiedNs, double ElementNs, double CallNs, double ThinnedCallNs)
{
    /// <summary>
    /// Rows that are computed at once where nothing else is asked for: their values stay in the caches, and in memory that the allocator uses again. Measured by <c>dropout bench mc --batches 10000 --rows-at-once</c>
    /// with this and other numbers.
    /// </summary>
    public const int MostRows = 2048;

    // Few rows are multiplied in blocks: a smaller number takes as long.
    private const int UncopiedRows = 16;

    // The most bytes that one value of all passes that are computed at once may take: a bound of memory, not of time.
    private const long MostValueBytes = 32L << 20;

    /// <summary>Constants measured on the machine of <c>docs/performance.md</c>.</summary>
    public static McCosts Default { get; } = new(ThinningCosts.Default, RetakeNs: 0.17, UncopiedNs: 0.1, ElementNs: 0.11, CallNs: 5_200, ThinnedCallNs: 10_400);

    /// <summary>How many passes are stacked so that a product has enough rows.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="rows">The rows of a pass.</param>
    /// <param name="passes">All passes.</param>
    public int PassesAtOnce(PassProbe probe, int rows, int passes)
    {
        double byMemory = Math.Floor((double)MostValueBytes / Math.Max(1, probe.LargestFullBytes * rows));
        return (int)Math.Clamp(Math.Min(Math.Ceiling(EnoughRows(Full(probe)) / rows), byMemory), 1, passes);
    }

    /// <summary>Whether leaving units out saves more than it takes to gather the weights of those that stay.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="rows">The rows of a pass.</param>
    /// <param name="stack">How many passes would be stacked otherwise.</param>
    /// <param name="workers">How many thinned passes would run at the same time, and how many with all units.</param>
    public bool ThinningPays(PassProbe probe, int rows, int stack, int workers) =>
        Alone(Thinned(probe, rows), rows, workers) < Math.Min(Alone(Full(probe), rows, workers), Stacked(Full(probe), rows, stack));

    /// <summary>Whether passes that share their products save more than passes side by side do.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="rows">The rows of a pass.</param>
    /// <param name="stack">How many passes would be stacked.</param>
    /// <param name="workers">How many passes would run at the same time otherwise.</param>
    public bool StackingPays(PassProbe probe, int rows, int stack, int workers) =>
        stack > 1 && Stacked(Full(probe), rows, stack) < (1 - ThinningCosts.LeastGain) * Alone(Full(probe), rows, workers);

    /// <summary>How many passes run side by side, one thread each, rather than one after the other with all threads each.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="execution">How passes are computed; stacks have products enough for all threads.</param>
    /// <param name="rows">The rows of a pass that are computed at once.</param>
    /// <param name="passes">All passes.</param>
    /// <param name="threads">The threads that there are.</param>
    /// <remarks>Passes of few rows do anyway; those with rows enough for products of all threads do where the threads' values together fit, and where no thread is left without a pass for long.</remarks>
    public int SideBySide(PassProbe probe, McExecution execution, int rows, int passes, int threads)
    {
        int others = passes - 1; // a first one computes alone, with all threads, what all share
        if (execution is not (McExecution.Thinned or McExecution.Split) || others == 0)
        {
            return 1;
        }

        int workers = Math.Min(threads, others), rounds = (others + workers - 1) / workers;
        bool isFew = rows < EnoughRows(execution == McExecution.Thinned ? Thinned(probe, rows) : Full(probe));
        bool fits = (double)probe.LargestFullBytes * rows * workers <= MostValueBytes, isEven = rounds * workers <= (1 + ThinningCosts.LeastGain) * others;
        return isFew || (fits && isEven) ? workers : 1;
    }

    /// <summary>How many passes are stacked so that every thread gets as many stacks, and no stack is much smaller than another.</summary>
    /// <param name="stack">The most.</param>
    /// <param name="passes">All passes.</param>
    /// <param name="workers">How many threads compute stacks.</param>
    public static int Even(int stack, int passes, int workers)
    {
        int stacks = (passes + stack - 1) / stack, rounds = (stacks + workers - 1) / workers;
        return Math.Max(1, (passes + (rounds * workers) - 1) / (rounds * workers));
    }

    /// <summary>A pass whose products are its own, in nanoseconds; the calls of passes side by side overlap.</summary>
    private static double Alone(Cost cost, int rows, int workers) => (rows * cost.RowNs) + cost.WeightsNs + (cost.CallsNs / workers);

    /// <summary>A pass within a stack, in nanoseconds.</summary>
    private static double Stacked(Cost cost, int rows, int stack) => (rows * cost.RowNs) + ((cost.WeightsNs + cost.CallsNs) / stack);

    private Cost Full(PassProbe probe) =>
        new((probe.FullProducts * Layers.ProductNs) + (probe.FullElements * ElementNs), probe.FullWeights * Layers.WeightNs, probe.Steps * CallNs);

    private Cost Thinned(PassProbe probe, int rows)
    {
        double uncopied = rows <= Submatrix.MostUncopiedRows ? probe.UncopiedWeights : 0;
        double weights = ((probe.Weights - uncopied) * Layers.WeightNs) + ((probe.CopiedWeights - uncopied) * RetakeNs) + (uncopied * (UncopiedNs + (Math.Max(0, UncopiedRows - rows) * Layers.ProductNs)));
        return new((probe.Products * Layers.ProductNs) + (probe.Elements * ElementNs), weights, probe.Steps * ThinnedCallNs);
    }

    /// <summary>From how many rows on the fixed part of a pass is a smaller share of it than any gain that is looked for.</summary>
    private static double EnoughRows(Cost cost) => cost.RowNs > 0 ? (cost.WeightsNs + cost.CallsNs) / (ThinningCosts.LeastGain * cost.RowNs) : double.PositiveInfinity;

    /// <summary>A pass, in nanoseconds.</summary>
    /// <param name="RowNs">Each row.</param>
    /// <param name="WeightsNs">Weights, whatever the rows.</param>
    /// <param name="CallsNs">Calls.</param>
    private readonly record struct Cost(double RowNs, double WeightsNs, double CallsNs);
}
