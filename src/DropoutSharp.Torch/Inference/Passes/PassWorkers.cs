using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Threads that each run whole passes, with one thread of libtorch each.</summary>
/// <remarks>
/// Where libtorch's own threads can be had they are these: they wait in a loop for some milliseconds after each of its operations, and other threads would find the processors taken. Elsewhere the caller is one of them and the others wait here
/// for the next group of passes, since a new thread pays again for memory that an old one has already fetched from the system: some milliseconds, which are more than many passes take.
/// </remarks>
internal static class PassWorkers
{
    /// <summary>Threads that wait for work; they never keep the process alive.</summary>
    private static readonly ConcurrentBag<Worker> Waiting = [];

    /// <summary>How many callers' passes run on threads of our own, and the number of libtorch's threads before the first of them.</summary>
    private static int _callers, _threads;

    /// <summary>Whether the thread runs passes beside others, in one of libtorch's parallel regions: it has no other threads then.</summary>
    [ThreadStatic]
    private static bool _isWithinTeam;

    /// <summary>Whether the thread works on passes with one of libtorch's threads, its own.</summary>
    [ThreadStatic]
    private static bool _isWorker;

    /// <summary>Whether what is computed on this thread must keep to it.</summary>
    public static bool KeepsToThread => _isWithinTeam;

    /// <summary>How many threads libtorch has for whoever does not run passes himself.</summary>
    public static int Threads
    {
        get
        {
            lock (Waiting)
            {
                return _callers > 0 && !_isWorker ? _threads : get_num_threads();
            }
        }
    }

    /// <summary>Does pieces of work, each once, in any order.</summary>
    /// <param name="workers">How many threads.</param>
    /// <param name="count">How many pieces.</param>
    /// <param name="work">Does one; what it leaves in dispose scopes is disposed.</param>
    public static void Run(int workers, int count, Action<int> work) => Run(KernelThreads.Team, workers, count, work);

    /// <summary>The same on given threads of libtorch's; null for threads of our own.</summary>
    internal static void Run(OpenMPTeam? team, int workers, int count, Action<int> work)
    {
        Pieces pieces = new(count, work);
        if (team is not null)
        {
            team.Run(workers, thread => InTeam(pieces, thread < workers));
        }
        else
        {
            OnThreads(workers, pieces);
        }

        KernelThreads.Follow(); // kernels were kept to a thread each
        pieces.ThrowIfFailed();
    }

    private static void InTeam(Pieces pieces, bool isWanted)
    {
        if (!isWanted)
        {
            return;
        }

        // Operations of libtorch that find themselves in a parallel region keep to their thread; its matrix products and our kernels are told.
        bool before = _isWithinTeam;
        int products = MatrixProduct.KeepToThread();
        _isWithinTeam = true;
        try
        {
            pieces.Work();
        }
        finally
        {
            _isWithinTeam = before;
            MatrixProduct.Restore(products);
        }
    }

    private static void OnThreads(int workers, Pieces pieces)
    {
        bool isWithin = _isWorker;
        lock (Waiting)
        {
            // A caller beside others would find the number that these work with.
            _threads = _callers++ == 0 ? get_num_threads() : _threads;
        }

        Worker[] others = [];
        try
        {
            others = [.. Enumerable.Range(1, workers - 1).Select(static _ => Waiting.TryTake(out Worker? waiting) ? waiting : new Worker())];
            Array.ForEach(others, other => other.Start(Work));
            Work();
        }
        finally
        {
            Array.ForEach(others, static other => other.Join());
            Array.ForEach(others, Waiting.Add);
            lock (Waiting)
            {
                _callers--;
                set_num_threads(isWithin ? 1 : _threads);
            }
        }

        void Work()
        {
            // Each time: parts of libtorch keep one number for all threads, which the caller sets back at the end.
            set_num_threads(1);
            bool before = _isWorker;
            _isWorker = true;
            try
            {
                pieces.Work();
            }
            finally
            {
                _isWorker = before;
            }
        }
    }

    /// <summary>Pieces of work that threads claim one after the other, until one fails.</summary>
    private sealed class Pieces(int count, Action<int> work)
    {
        private int _claimed = -1;
        private Exception? _failure;

        public void Work()
        {
            using IDisposable noGradient = no_grad();
            for (int index = Interlocked.Increment(ref _claimed); index < count && Volatile.Read(ref _failure) is null; index = Interlocked.Increment(ref _claimed))
            {
                try
                {
                    using TorchSharp.DisposeScope scope = NewDisposeScope();
                    work(index);
                }
#pragma warning disable CA1031 // Thrown again on the caller's thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _failure, exception, null);
                }
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }
        }
    }

    /// <summary>A thread that does one thing after the other.</summary>
#pragma warning disable CA1001 // It waits for work as long as the process lives.
    private sealed class Worker
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _begin = new(0), _end = new(0);
        private Action? _work;

        public Worker() => new Thread(Live) { IsBackground = true, Name = "Monte-Carlo passes" }.Start();

        public void Start(Action work)
        {
            _work = work;
            _begin.Release();
        }

        public void Join() => _end.Wait();

        private void Live()
        {
            while (true)
            {
                _begin.Wait();
                _work!(); // set by Start; it catches what is thrown
                _work = null;
                _end.Release();
            }
        }
    }
}
