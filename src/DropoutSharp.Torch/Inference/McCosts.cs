namespace DropoutSharp.Torch;

/// <summary>What Monte-Carlo passes cost in one way or another; the constants were measured on two cores of an x64 processor.</summary>
internal static class McCosts
{
    // Rows at which a product of small batches comes near its full speed.
    private const int EnoughRows = 1024;

    // The most bytes that one value of stacked passes may take.
    private const long MostStackedBytes = 32L << 20;

    /// <summary>How many passes are stacked so that a product has enough rows.</summary>
    public static int PassesAtOnce(PassProbe probe, int rows, int passes)
    {
        long byMemory = MostStackedBytes / Math.Max(1, probe.LargestBytes * rows);
        return (int)Math.Clamp(Math.Min((EnoughRows + rows - 1) / rows, byMemory), 1, passes);
    }

    /// <summary>Whether leaving units out saves more than it takes to gather the weights of those that stay.</summary>
    public static bool ThinningPays(PassProbe probe, int rows, int stack) => probe.FullProducts > probe.Products;

    /// <summary>Whether passes side by side, one thread each, beat passes one after the other with all threads each.</summary>
    public static bool PassesInParallelPay(PassProbe probe, int rows) => true;
}
