using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Runtime;

/// <summary>What memory of freed tensors is used again, by the system's count of this process's page faults.</summary>
public sealed partial class HeapMemoryTests
{
    [Fact]
    public void Reuse_TensorsBelow32MiB_AreNotFetchedFromTheSystemPageByPageAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The GNU C library's thresholds, and this count of page faults, are those of Linux.");
        LibtorchRuntime.EnsureLoaded();
        Assert.SkipUnless(HeapMemory.IsReused, "Switched off for this process, or another C library.");
        const long Bytes = 8 << 20, Pages = Bytes / 4096;

        // The library has a heap for each of the first threads. One that other tests have filled may take a block's memory from the system and give it back each time; of so many threads that live
        // at once, one has a heap of its own, or all heaps have one, the process's first among them, which keeps what is freed.
        long least = long.MaxValue;
        using var all = new Barrier(20);
        Thread[] threads = [.. Enumerable.Range(0, all.ParticipantCount).Select(_ => new Thread(() =>
        {
            all.SignalAndWait();
            lock (all)
            {
                least = Math.Min(least, LeastFaults(Bytes));
            }

            all.SignalAndWait();
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.InRange(least, 0, Pages / 4);
    }

    /// <summary>Of some turns: the first one fetches the memory.</summary>
    private static unsafe long LeastFaults(long bytes)
    {
        long least = long.MaxValue;
        for (int turn = 0; turn < 4; turn++)
        {
            long before = Faults();
            using (Tensor tensor = empty(bytes / 4))
            {
                new Span<byte>((void*)TensorMemory.Address(tensor), (int)bytes).Clear();
            }

            least = Math.Min(least, Faults() - before);
        }

        return least;
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
