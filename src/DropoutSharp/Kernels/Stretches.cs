namespace DropoutSharp;

/// <summary>Cuts a long job into stretches for several threads, where it is long enough to pay.</summary>
internal static class Stretches
{
    /// <summary>Below this many elements a second thread costs more than it saves.</summary>
    private const long Smallest = 1 << 15;

    /// <summary>Runs <paramref name="body"/> over [0, <paramref name="items"/>), of <paramref name="elementsPerItem"/> elements each.</summary>
    public static void For(long items, long elementsPerItem, Action<long, long> body)
    {
        double elements = (double)items * elementsPerItem;
        int threads = (int)Math.Min(Math.Min(DropoutPrimitives.MaxDegreeOfParallelism, items), elements / Smallest);
        if (threads <= 1)
        {
            body(0, items);
            return;
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            body((long)((Int128)items * thread / threads), (long)((Int128)items * (thread + 1) / threads)));
    }
}
