using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Threads that each run whole passes, with one thread of libtorch each.</summary>
internal static class PassWorkers
{
    /// <summary>Does pieces of work, each once, in any order.</summary>
    /// <param name="workers">How many threads.</param>
    /// <param name="count">How many pieces.</param>
    /// <param name="work">Does one; what it leaves in dispose scopes is disposed.</param>
    public static void Run(int workers, int count, Action<int> work)
    {
        int threads = get_num_threads(), claimed = -1;
        Exception? failure = null;
        Thread[] others = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true })];
        try
        {
            Array.ForEach(others, static thread => thread.Start());
            Array.ForEach(others, static thread => thread.Join());
        }
        finally
        {
            set_num_threads(threads);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        void Work()
        {
            // The number of threads is one a thread of the caller's, and these threads end here.
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
}
