using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Runtime;

/// <summary>What memory of freed tensors is used again, by the system's count of page faults.</summary>
public sealed partial class HeapMemoryTests
{
    /// <summary>Tells a process of this test's own where to write what it counted.</summary>
    private const string ResultVariable = "DROPOUTSHARP_TEST_PAGE_FAULTS";

    private const string SwitchVariable = "DROPOUTSHARP_REUSE_HEAP_MEMORY";
    private const long MiB = 1 << 20;
    private const long PageBytes = 4096;

    private const long Large = 28 * MiB;
    private const long Smaller = 20 * MiB;

    /// <summary>In new processes, since whatever frees a large block raises the threshold for the rest of a process's life.</summary>
    [Fact]
    public void Reuse_SmallerTensorAfterALargeOne_TakesItsMemoryOnlyWithIt()
    {
        if (Environment.GetEnvironmentVariable(ResultVariable) is string result)
        {
            LibtorchRuntime.EnsureLoaded();
            File.WriteAllText(result, (FaultsOfATensor(Large) + FaultsOfATensor(Smaller)).ToString(CultureInfo.InvariantCulture));
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The GNU C library's thresholds, and this count of page faults, are those of Linux.");
        const string LargePages = "/sys/kernel/mm/transparent_hugepage/enabled";
        Assert.SkipWhen(File.Exists(LargePages) && File.ReadAllText(LargePages).Contains("[always]", StringComparison.Ordinal), "This system gives large pages unasked, and a fault fetches as much as it likes.");

        long without = FaultsInANewProcess(reuses: false), with = FaultsInANewProcess(reuses: true);

        // Without it the first tensor is mapped by itself and given back, and only its end tells the C library to take the second, and all others up to that size, from the heap, which is fetched then.
        Assert.InRange(without, (Large + Smaller) / PageBytes, long.MaxValue);
        Assert.InRange(with, 0, (Large + MiB) / PageBytes);
    }

    private static long FaultsInANewProcess(bool reuses)
    {
        string result = Path.GetTempFileName();
        try
        {
            string name = $"{typeof(HeapMemoryTests).FullName}.{nameof(Reuse_SmallerTensorAfterALargeOne_TakesItsMemoryOnlyWithIt)}";
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(HeapMemoryTests).Assembly.Location, "-method", name])
            {
                RedirectStandardOutput = true,
            };
            foreach (string told in start.Environment.Keys.Where(static key => key.StartsWith("MALLOC_", StringComparison.Ordinal) || key == "GLIBC_TUNABLES").ToArray())
            {
                start.Environment.Remove(told);
            }

            start.Environment["MALLOC_ARENA_MAX"] = "1"; // a thread's own heap may hold too little beside what lies in it
            (start.Environment[ResultVariable], start.Environment[SwitchVariable]) = (result, reuses ? "1" : "0");
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return long.TryParse(File.ReadAllText(result), CultureInfo.InvariantCulture, out long faults) ? faults : throw new InvalidOperationException(output);
        }
        finally
        {
            File.Delete(result);
        }
    }

    private static unsafe long FaultsOfATensor(long bytes)
    {
        long before = Faults();
        using Tensor tensor = empty(bytes / 4);
        new Span<byte>((void*)TensorMemory.Address(tensor), (int)bytes).Clear();
        return Faults() - before;
    }

    private static unsafe long Faults()
    {
        long* usage = stackalloc long[18];
        const int ThisThread = 1, MinorFaults = 8;
        Assert.Equal(0, GetResourceUsage(ThisThread, usage));
        return usage[MinorFaults];
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static unsafe partial int GetResourceUsage(int who, long* usage);
}
