using System.Diagnostics;
using System.Runtime;

namespace DropoutSharp.Benchmarks;

/// <summary>Calls what will be measured until the runtime has compiled it for good.</summary>
/// <remarks>
/// A method is compiled quickly at first and well only after <see cref="LeastCalls"/> calls and a pause in which nothing new is compiled. What is measured before that is slower by up to a factor of two where a call
/// takes some microseconds, and it is the first case of a run that pays.
/// </remarks>
internal static class JitWarmUp
{
    /// <summary>After so many calls the runtime compiles a method anew.</summary>
    public const int LeastCalls = 30;

    /// <summary>Longer than the tenth of a second that the runtime waits before it compiles anew.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Calls each contender <see cref="LeastCalls"/> times and pauses, until nothing is compiled in a pause.</summary>
    /// <param name="most">How long that may take; then it ends behind the call that it is in. Each contender is called once at least.</param>
    /// <param name="cancellation">Ends it between two calls.</param>
    /// <param name="contenders">What will be measured.</param>
    public static void Run(TimeSpan most, CancellationToken cancellation, IReadOnlyCollection<Action> contenders)
    {
        long start = Stopwatch.GetTimestamp();
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            foreach (Action contender in contenders)
            {
                for (int call = 0; call == 0 || (call < LeastCalls && Stopwatch.GetElapsedTime(start) < most); call++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    contender();
                }
            }

            TimeSpan left = most - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            cancellation.WaitHandle.WaitOne(left < Pause ? left : Pause);
        }
        while (JitInfo.GetCompiledMethodCount() != compiled);
    }
}
