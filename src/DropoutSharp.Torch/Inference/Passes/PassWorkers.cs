using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Threads that each run whole passes, with one thread of libtorch each.</summary>
/// <remarks>
/// The caller is one of them; the others wait here for the next group of passes, since a new thread pays again for memory that an old one has already fetched from the system: some milliseconds, which are more than
/// many passes take.
/// </remarks>
internal static class PassWorkers
{
    /// <summary>Threads that wait for work; they never keep the process alive.</summary>
    private static readonly ConcurrentBag<Worker> Waiting = [];

    /// <summary>Does pieces of work, each once, in any order.</summary>
    /// <param name="workers">How many threads.</param>
    /// <param name="count">How many pieces.</param>
    /// <param name="work">Does one; what it leaves in dispose scopes is disposed.</param>
    public static void Run(int workers, int count, Action<int> work)
    {
        int threads = get_num_threads(), claimed = -1;
        Exception? failure = null;
        Worker[] others = [.. Enumerable.Range(1, workers - 1).Select(static _ => Waiting.TryTake(out Worker? waiting) ? waiting : new Worker())];
        try
        {
            Array.ForEach(others, other => other.Start(Work));
            Work();
        }
        finally
        {
            Array.ForEach(others, static other => other.Join());
            Array.ForEach(others, Waiting.Add);
            set_num_threads(threads);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        void Work()
        {
            // Each time: parts of libtorch keep one number for all threads, which the caller sets back at the end.
            set_num_threads(1);
            using IDisposable noGradient = no_grad();
            for (int index = Interlocked.Increment(ref claimed); index < count && Volatile.Read(ref failure) is null; index = Interlocked.Increment(ref claimed))
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
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
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
