using System.Globalization;
using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>The most memory that a piece of work holds at once, as the operating system counts it.</summary>
/// <remarks>
/// Linux keeps the peak of a process's resident memory and lets the process set it back (<c>/proc/self/clear_refs</c>), so that everything is seen: libtorch's tensors, the runtime's heap and
/// what the libraries keep for themselves. Memory that was given back to an allocator but not to the system counts for nobody: it is there before and after. So the allocator is asked first to give
/// back what it can. Elsewhere there is no such counter, and the answer is NaN.
/// </remarks>
internal static partial class PeakMemory
{
    /// <summary>The peak of a piece of work beyond what was there before it, in mebibytes; NaN where the system does not count it.</summary>
    /// <param name="work">The work; it should have run once before, so that what is kept for good is there.</param>
    public static double Measure(Action work)
    {
        if (!OperatingSystem.IsLinux())
        {
            work();
            return double.NaN;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim(0);
        if (!Reset())
        {
            work();
            return double.NaN;
        }

        double before = Read("VmRSS:");
        work();
        return Math.Max(0, Read("VmHWM:") - before);
    }

    /// <summary>The peak of a case beyond what was there before it was made, in mebibytes: weights, states of optimisers and a few steps; NaN where the system does not count it.</summary>
    /// <param name="create">Makes the case. One like it should have run before, so that what libraries keep for good is there.</param>
    public static double OfCase(Func<ICase> create)
    {
        const int Steps = 3;
        RecycledTensors.Clear(); // what waits to be used again by one case shall not be a present to the next
        return Measure(() =>
        {
            using ICase made = create();
            for (int i = 0; i < Steps; i++)
            {
                made.Step();
            }
        });
    }

    /// <summary>A case that makes steps and can be taken away.</summary>
    public interface ICase : IDisposable
    {
        /// <summary>One step.</summary>
        void Step();
    }

    private static bool Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static double Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(each => each.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
