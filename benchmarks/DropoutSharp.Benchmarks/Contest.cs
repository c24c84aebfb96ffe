using System.Diagnostics;

namespace DropoutSharp.Benchmarks;

/// <summary>Times several ways to do the same, turn by turn, so that whatever else the machine does meets them alike.</summary>
/// <remarks>
/// A turn of a contender is some calls that are not timed, and then enough calls to fill a sample. The untimed ones bring its own data into the caches, where a step's neighbours would have left them, and let the threads of the
/// contender before it come to rest: small tensors need about six until a call takes as long as the next. The sample is the mean of its calls, the result the median of the samples.
/// The order changes from turn to turn, so that each contender comes first, and behind each other one, equally often: what a neighbour leaves in the caches and in the heap is worth some per cent.
/// </remarks>
internal static class Contest
{
    private const int LeastSamples = 5;
    private const int MostSamples = 2000;

    /// <summary>Such a sample is long beside the clock's grain, short beside a time slice.</summary>
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(0.2);

    /// <summary>So many calls are made before a sample, unless <see cref="WarmUp"/> ends before; at least one.</summary>
    private const int MostWarmUps = 8;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(4);

    /// <summary>So many times its budget a contest may wait for the runtime's compiler; nearly always that is one pause.</summary>
    public const int WarmUpBudgets = 4;

    /// <summary>Threads that wait for more work in a loop give up within this time.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(3);

    /// <summary>The medians, in nanoseconds a call.</summary>
    /// <param name="budget">How long all contenders together may take; before that they may take <see cref="WarmUpBudgets"/> times as long to be compiled for good.</param>
    /// <param name="threaded">Whether contenders leave threads behind that spin for a while.</param>
    /// <param name="cancellation">Ends the contest between two turns.</param>
    /// <param name="contenders">The ways.</param>
    public static double[] Run(TimeSpan budget, bool threaded, CancellationToken cancellation, params Action[] contenders)
    {
        JitWarmUp.Run(WarmUpBudgets * budget, cancellation, contenders);
        int[] calls = [.. contenders.Select(Calls)];
        var samples = contenders.Select(static _ => new List<double>()).ToArray();
        long start = Stopwatch.GetTimestamp();
        while (samples[0].Count < LeastSamples || (samples[0].Count < MostSamples && Stopwatch.GetElapsedTime(start) < budget))
        {
            foreach (int i in Order(samples[0].Count, contenders.Length))
            {
                cancellation.ThrowIfCancellationRequested();
                if (threaded)
                {
                    Thread.Sleep(Rest);
                }

                WarmCaches(contenders[i]);
                samples[i].Add(Elapsed(contenders[i], calls[i]).TotalNanoseconds / calls[i]);
            }
        }

        return [.. samples.Select(Median)];
    }

    /// <summary>Who comes when in a turn: a row of Williams's square, every second time backwards, which balances odd numbers too.</summary>
    internal static int[] Order(int turn, int contenders)
    {
        (int times, int row) = Math.DivRem(turn, contenders);
        int[] order = [.. Enumerable.Range(0, contenders).Select(place => (row + (place % 2 == 0 ? contenders - (place / 2) : (place + 1) / 2)) % contenders)];
        if (times % 2 == 1)
        {
            Array.Reverse(order);
        }

        return order;
    }

    /// <summary>How many calls fill a sample: doubled until the quickest of a few tries is long enough.</summary>
    private static int Calls(Action contender)
    {
        const int Tries = 5, Most = 1 << 20;
        for (int calls = 1; calls < Most; calls *= 2)
        {
            TimeSpan shortest = TimeSpan.MaxValue;
            for (int i = 0; i < Tries && shortest >= Sample; i++)
            {
                TimeSpan elapsed = Elapsed(contender, calls);
                shortest = elapsed < shortest ? elapsed : shortest;
            }

            if (shortest >= Sample)
            {
                return calls;
            }
        }

        return Most;
    }

    private static void WarmCaches(Action contender)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int call = 0; call < MostWarmUps && (call == 0 || Stopwatch.GetElapsedTime(begin) < WarmUp); call++)
        {
            contender();
        }
    }

    private static TimeSpan Elapsed(Action contender, int calls)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int call = 0; call < calls; call++)
        {
            contender();
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>The median of samples, which are sorted.</summary>
    internal static double Median(List<double> samples)
    {
        samples.Sort();
        int middle = samples.Count / 2;
        return samples.Count % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
    }
}
