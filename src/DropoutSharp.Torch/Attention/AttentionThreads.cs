namespace DropoutSharp.Torch;

/// <summary>Spreads the heads of attention over libtorch's threads.</summary>
internal static class AttentionThreads
{
    /// <summary>From so many weights on a second thread pays.</summary>
    private const long LeastWeights = 1 << 13;

    /// <summary>Does each item once.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="weights">How many weights all of them have together.</param>
    /// <param name="work">Does the item of a number, on any thread.</param>
    public static void Run(long items, long weights, Action<long> work)
    {
        KernelThreads.Follow();
        int threads = weights < LeastWeights ? 1 : (int)Math.Min(DropoutPrimitives.MaxDegreeOfParallelism, items);
        long done = 0;
        if (threads <= 1)
        {
            Claim(0);
            return;
        }

        if (DropoutPrimitives.Team is IThreadTeam team)
        {
            team.Run(threads, Claim);
            return;
        }

        Parallel.For(0, threads, Claim);

        void Claim(int thread)
        {
            int before = MatrixProduct.KeepToThread();
            try
            {
                for (long item; (item = Interlocked.Increment(ref done) - 1) < items;)
                {
                    work(item);
                }
            }
            finally
            {
                MatrixProduct.Restore(before);
            }
        }
    }
}
