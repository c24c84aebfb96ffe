namespace DropoutSharp;

/// <summary>Work on a range of elements that can be cut anywhere.</summary>
internal interface IRangeWork
{
    /// <summary>Does the elements from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    void Invoke(long start, long end);
}

/// <summary>Spreads a range over several threads, the caller's own and those of <see cref="DropoutPrimitives.Team"/> or of the pool.</summary>
/// <remarks>
/// Each thread has a share of its own, the same in every call, so that it finds in its caches what it wrote before; libtorch's threads have the same shares in its own operations. Pieces are claimed one
/// after another, and who has ended with its own share goes on with the others'. The caller claims too and waits only for pieces that another thread has
/// begun, so a busy pool costs time, never a standstill.
/// </remarks>
internal static class ForkJoin
{
    /// <summary>Does a range of items in a few equal parts a thread, with as many threads as pay: a thread that the system holds up leaves its parts to the others.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="elementsPerItem">How many elements of memory an item is.</param>
    /// <param name="work">The work; it is given items.</param>
    public static void RunEqually<TWork>(long items, long elementsPerItem, TWork work)
        where TWork : struct, IRangeWork
    {
        const int PartsPerThread = 16;
        Parallelism parallelism = Parallelism.Default;
        double elements = (double)items * elementsPerItem;
        bool pays = elements >= parallelism.LeastLength && parallelism.Threads > 1;
        long parts = pays ? (long)Math.Clamp(elements / parallelism.Piece, 1, (double)PartsPerThread * parallelism.Threads) : 1;
        Run(items, Math.Max(1, (items + parts - 1) / parts), pays ? parallelism.Threads : 1, work);
    }

    /// <summary>Does the range, each element once.</summary>
    /// <param name="length">How many elements there are.</param>
    /// <param name="piece">How many elements are claimed at once; positive.</param>
    /// <param name="threads">The most threads that may work, the caller's among them.</param>
    /// <param name="work">The work; a copy is shared by all threads.</param>
    public static void Run<TWork>(long length, long piece, int threads, TWork work)
        where TWork : struct, IRangeWork
    {
        if (length == 0)
        {
            return;
        }

        long pieces = (length / piece) + (length % piece == 0 ? 0 : 1);
        int helpers = (int)Math.Min(threads, pieces) - 1;
        if (helpers <= 0)
        {
            work.Invoke(0, length);
            return;
        }

        if (DropoutPrimitives.Team is IThreadTeam team)
        {
            TeamJob<TWork>.Run(team, threads, new Shares<TWork>(length, piece, pieces, helpers + 1, work));
            return;
        }

        var job = new PoolJob<TWork>(pieces, new Shares<TWork>(length, piece, pieces, helpers + 1, work));
        for (int i = 0; i < helpers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        }

        job.Execute(0);
        job.Wait();
    }

    /// <summary>A range cut into a share a thread, and each share into pieces.</summary>
    private struct Shares<TWork>(long length, long piece, long pieces, int count, TWork work)
        where TWork : struct, IRangeWork
    {
        /// <summary>A cache line's worth of counters lies between two that different threads count with, and before the first.</summary>
        private const int Line = 8;

        private TWork _work = work;
        private long[] _claimed = [];

        /// <summary>Sets the counters to the shares' first pieces.</summary>
        /// <param name="counters">Memory for them that nobody uses any more.</param>
        /// <returns>The memory that was taken: what was given, if it was enough.</returns>
        public long[] Open(long[] counters)
        {
            _claimed = counters.Length > count * Line ? counters : new long[(count + 1) * Line];
            for (int share = 0; share < count; share++)
            {
                Claimed(share) = FirstPiece(share);
            }

            return _claimed;
        }

        /// <summary>Does pieces until all are claimed, first those of the thread's own share.</summary>
        /// <param name="thread">The thread's number.</param>
        /// <returns>How many pieces it did.</returns>
        public readonly long Execute(int thread)
        {
            TWork mine = _work;
            long done = 0;
            for (int turn = 0; turn < count; turn++)
            {
                int share = (thread + turn) % count;
                ref long claimed = ref Claimed(share);
                long end = FirstPiece(share + 1), index;
                while (Volatile.Read(ref claimed) < end && (index = Interlocked.Increment(ref claimed) - 1) < end)
                {
                    long start = index * piece;
                    mine.Invoke(start, Math.Min(start + piece, length));
                    done++;
                }
            }

            return done;
        }

        private readonly ref long Claimed(int share) => ref _claimed[(share + 1) * Line];

        private readonly long FirstPiece(int share) => (pieces / count * share) + Math.Min(share, pieces % count);
    }

    /// <summary>Shares for a team, which says itself when all are done.</summary>
    /// <remarks>A thread uses one again and again: what another thread finds in its caches from the run before need not come from this one's.</remarks>
    private sealed class TeamJob<TWork>
        where TWork : struct, IRangeWork
    {
        [ThreadStatic]
        private static TeamJob<TWork>? _idle;

        private readonly Action<int> _execute;
        private long[] _counters = [];
        private Shares<TWork> _shares;

        private TeamJob() => _execute = thread => _shares.Execute(thread);

        public static void Run(IThreadTeam team, int threads, Shares<TWork> shares)
        {
            TeamJob<TWork> job = _idle ?? new();
            _idle = null; // work may run work
            try
            {
                job._counters = shares.Open(job._counters);
                job._shares = shares;
                team.Run(threads, job._execute);
            }
            finally
            {
                job._shares = default;
                _idle = job;
            }
        }
    }

    /// <summary>Shares for threads of the pool, some of which may come when all are done.</summary>
    private sealed class PoolJob<TWork> : IThreadPoolWorkItem
        where TWork : struct, IRangeWork
    {
        private const int SpinLimit = 100;

        private readonly Shares<TWork> _shares;
        private long _left;
        private int _helpers;

        public PoolJob(long pieces, Shares<TWork> shares)
        {
            _left = pieces;
            shares.Open([]);
            _shares = shares;
        }

        /// <summary>What a thread of the pool does, which has no number.</summary>
        public void Execute() => Execute(Interlocked.Increment(ref _helpers));

        public void Execute(int thread)
        {
            long done = _shares.Execute(thread);
            if (done != 0 && Interlocked.Add(ref _left, -done) == 0)
            {
                lock (this)
                {
                    Monitor.PulseAll(this);
                }
            }
        }

        public void Wait()
        {
            // The pieces are short: another thread is usually done before this one could fall asleep and be woken.
            var spinner = default(SpinWait);
            while (Volatile.Read(ref _left) != 0 && spinner.Count < SpinLimit)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }

            if (Volatile.Read(ref _left) != 0)
            {
                lock (this)
                {
                    while (_left != 0)
                    {
                        Monitor.Wait(this);
                    }
                }
            }
        }
    }
}
