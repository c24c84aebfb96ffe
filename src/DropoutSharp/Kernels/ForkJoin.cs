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

        var job = new Job<TWork>(length, piece, pieces, helpers + 1, work);
        if (DropoutPrimitives.Team is IThreadTeam team)
        {
            team.Run(threads, job.Execute);
            return;
        }

        for (int i = 0; i < helpers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        }

        job.Execute(0);
        job.Wait();
    }

    private sealed class Job<TWork> : IThreadPoolWorkItem
        where TWork : struct, IRangeWork
    {
        private const int SpinLimit = 100;

        /// <summary>A cache line's worth of counters lies between two that different threads count with.</summary>
        private const int Line = 8;

        private readonly long _length;
        private readonly long _piece;
        private readonly long _pieces;
        private readonly int _shares;
        private readonly TWork _work;
        private readonly long[] _claimed;
        private long _left;
        private int _helpers;

        public Job(long length, long piece, long pieces, int shares, TWork work)
        {
            _length = length;
            _piece = piece;
            _pieces = _left = pieces;
            _shares = shares;
            _work = work;
            _claimed = new long[shares * Line];
            for (int share = 0; share < shares; share++)
            {
                _claimed[share * Line] = FirstPiece(share);
            }
        }

        /// <summary>What a thread of the pool does, which has no number.</summary>
        public void Execute() => Execute(Interlocked.Increment(ref _helpers));

        public void Execute(int thread)
        {
            TWork mine = _work;
            long done = 0;
            for (int turn = 0; turn < _shares; turn++)
            {
                int share = (thread + turn) % _shares;
                ref long claimed = ref _claimed[share * Line];
                long end = FirstPiece(share + 1), index;
                while (Volatile.Read(ref claimed) < end && (index = Interlocked.Increment(ref claimed) - 1) < end)
                {
                    long start = index * _piece;
                    mine.Invoke(start, Math.Min(start + _piece, _length));
                    done++;
                }
            }

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

        private long FirstPiece(int share) => (_pieces / _shares * share) + Math.Min(share, _pieces % _shares);
    }
}
