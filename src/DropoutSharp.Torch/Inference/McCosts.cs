namespace DropoutSharp.Torch;

/// <summary>What Monte-Carlo passes cost in one way or another.</summary>
/// <remarks>
/// The constants were fitted to <c>dropout bench mc</c> with each <c>--way</c> and both <c>--workers</c>, on two cores of an Intel Xeon with AVX-512 (<c>docs/performance.md</c> has the figures); a choice changes no result beyond rounding.
/// </remarks>
internal static class McCosts
{
    /// <summary>Rows that are computed at once where nothing else is asked for: their values stay in the caches, and in memory that the allocator uses again.</summary>
    public const int MostRows = 2048;

    // Rows at which a product of small batches comes near its full speed.
    private const int EnoughRows = 1024;

    // The most bytes that one value of stacked passes may take.
    private const long MostStackedBytes = 32L << 20;

    // Below so many products in a pass, two threads do more with a pass each than with half a pass each. A thinned pass has more beside its products that one thread alone does.
    private const double FewProducts = 2e8, FewThinnedProducts = 1e9;

    // Nanoseconds: a multiplication and addition, the copy of a kept weight, a step of a thinned pass by one thread, a byte of the largest value.
    private const double Product = 0.0075, Take = 1, Step = 60_000, Byte = 1.1;

    /// <summary>How many passes are stacked so that a product has enough rows.</summary>
    public static int PassesAtOnce(PassProbe probe, int rows, int passes)
    {
        long byMemory = MostStackedBytes / Math.Max(1, probe.LargestFullBytes * rows);
        return (int)Math.Clamp(Math.Min((EnoughRows + rows - 1) / rows, byMemory), 1, passes);
    }

    /// <summary>Whether leaving units out saves more than it takes to gather the weights of those that stay.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="rows">The rows of a pass.</param>
    /// <param name="workers">How many thinned passes would run at the same time.</param>
    public static bool ThinningPays(PassProbe probe, int rows, int workers)
    {
        double full = rows * ((probe.FullProducts * Product) + (probe.LargestFullBytes * Byte));
        double thin = (rows * ((probe.Products * Product) + (probe.LargestBytes * Byte))) + (probe.Gathered * Take) + (probe.Steps * Step / workers);
        return thin < full;
    }

    /// <summary>Whether passes side by side, one thread each, beat passes one after the other with all threads each.</summary>
    /// <param name="probe">What a row showed.</param>
    /// <param name="execution">How passes are computed.</param>
    /// <param name="rows">The rows of a pass.</param>
    public static bool PassesInParallelPay(PassProbe probe, McExecution execution, int rows) => execution switch
    {
        McExecution.Thinned => rows * probe.Products < FewThinnedProducts,
        McExecution.Split => rows * probe.FullProducts < FewProducts,
        _ => false, // a stack has rows enough for all threads: measured within a tenth of a stack a thread, either way
    };

    /// <summary>How many passes are stacked so that every thread gets as many stacks, and no stack is much smaller than another.</summary>
    /// <param name="stack">The most.</param>
    /// <param name="passes">All passes.</param>
    /// <param name="workers">How many threads compute stacks.</param>
    public static int Even(int stack, int passes, int workers)
    {
        int stacks = (passes + stack - 1) / stack, rounds = (stacks + workers - 1) / workers;
        return Math.Max(1, (passes + (rounds * workers) - 1) / (rounds * workers));
    }
}
