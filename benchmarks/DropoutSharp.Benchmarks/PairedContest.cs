using System.Diagnostics;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures what each of several ways takes beyond a plain one, pair by pair: for differences that are small beside what a machine's speed wanders.</summary>
/// <remarks>
/// A turn is one call that is not timed and one that is. Every turn of a way lies between two plain turns, before and behind, and what it adds is its time less their mean: a machine that slows
/// down or speeds up meanwhile does so for both. The result is the median of these differences, with an interval that needs no law of the noise: order statistics between which the median of
/// what is measured lies with 95 % probability.
/// </remarks>
internal static class PairedContest
{
    private const int LeastPairs = 8;

    /// <summary>What was measured of one way.</summary>
    /// <param name="Plain">The plain way: median, in nanoseconds.</param>
    /// <param name="With">The way: median, in nanoseconds.</param>
    /// <param name="Added">The median of the differences, in nanoseconds.</param>
    /// <param name="Low">The lower end of the differences' interval.</param>
    /// <param name="High">The upper end of the differences' interval.</param>
    /// <param name="Pairs">How many differences there are.</param>
    public readonly record struct Result(double Plain, double With, double Added, double Low, double High, int Pairs);

    /// <summary>Measures the ways in alternate order.</summary>
    /// <param name="budget">How long all of it may take.</param>
    /// <param name="cancellation">Ends the contest between two turns.</param>
    /// <param name="plain">The plain way.</param>
    /// <param name="ways">The others.</param>
    public static Result[] Run(TimeSpan budget, CancellationToken cancellation, Action plain, params Action[] ways)
    {
        var times = ways.Select(static _ => new List<double>()).ToArray();
        var added = ways.Select(static _ => new List<double>()).ToArray();
        var plainTimes = new List<double>();
        JitWarmUp.Run(Contest.WarmUpBudgets * budget, cancellation, [plain, .. ways]); // what is compiled or allocated at first belongs to no turn

        double before = Turn(plain);
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; added[0].Count < LeastPairs || Stopwatch.GetElapsedTime(start) < budget; round++)
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                int way = round % 2 == 0 ? turn : ways.Length - 1 - turn;
                double time = Turn(ways[way]), after = Turn(plain);
                times[way].Add(time);
                added[way].Add(time - ((before + after) / 2));
                plainTimes.Add(after);
                before = after;
            }
        }

        plainTimes.Sort();
        return [.. times.Zip(added, (time, differences) => Summary(plainTimes, time, differences))];
    }

    private static Result Summary(List<double> plain, List<double> times, List<double> differences)
    {
        times.Sort();
        differences.Sort();
        (int low, int high) = Interval(differences.Count);
        return new Result(Median(plain), Median(times), Median(differences), differences[low], differences[high], differences.Count);
    }

    /// <summary>The indices of the sorted differences between which the median lies with 95 %: as many lie below it as heads fall in so many tosses.</summary>
    internal static (int Low, int High) Interval(int count)
    {
        int low = (int)Math.Floor((count / 2.0) - (0.98 * Math.Sqrt(count)) - 0.5);
        low = Math.Max(0, low);
        return (low, count - 1 - low);
    }

    private static double Turn(Action way)
    {
        way();
        long begin = Stopwatch.GetTimestamp();
        way();
        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
    }

    private static double Median(List<double> sorted)
    {
        int middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
