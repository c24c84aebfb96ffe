using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>The memory that libtorch's tensors come from.</summary>
internal static unsafe class HeapMemory
{
    /// <summary>The largest block that the GNU C library lets its threshold grow to, less its own header.</summary>
    private const int LargestBlock = (32 << 20) - (1 << 13);

    /// <summary>Lets the C library use freed tensors of up to 32 MiB again, instead of giving them back to the system and fetching them page by page anew.</summary>
    /// <remarks>
    /// The GNU C library raises its thresholds to the size of a freed block, and a training step would raise them slowly, tensor by tensor, if at all: until then each step pays for
    /// thousands of page faults. One freed block of the largest size does it at once. The block is never touched, so it costs nothing; other C libraries are not affected.
    /// </remarks>
    public static void Reuse()
    {
        if (OperatingSystem.IsLinux())
        {
            NativeMemory.Free(NativeMemory.Alloc(LargestBlock));
        }
    }
}
