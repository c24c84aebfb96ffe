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
        const long Bytes = 24 << 20, Pages = Bytes / 4096;
        long faults = long.MaxValue;
        for (int turn = 0; turn < 8; turn++)
        {
            // The least of some turns: another test may run at the same time, and the first turn fetches the memory.
            long before = Faults();
            using (Tensor tensor = zeros(Bytes / 4))
            {
            }

            faults = Math.Min(faults, Faults() - before);
        }

        Assert.InRange(faults, 0, Pages / 4);
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
