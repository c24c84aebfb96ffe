using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>The memory that libtorch's tensors come from.</summary>
internal static unsafe class HeapMemory
{
    /// <summary>The largest block that the GNU C library lets its threshold grow to, less its own header.</summary>
    private const int LargestBlock = (32 << 20) - (1 << 13);

    /// <summary>The switch of the application's settings that leaves the C library as it is.</summary>
    private const string Switch = "DropoutSharp.ReuseHeapMemory";

    /// <summary>The environment variable that does the same where it is 0.</summary>
    private const string Variable = "DROPOUTSHARP_REUSE_HEAP_MEMORY";

    /// <summary>Free bytes at the heap's end from which on it is given back.</summary>
    private const int KeptBytes = 256 << 20;

    /// <summary>The C library's name for that number.</summary>
    private const int TrimThreshold = -1;

    /// <summary>Variables by which a user tells the C library its thresholds.</summary>
    private static readonly string[] Told = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_", "GLIBC_TUNABLES"];

    /// <summary>Whether freed memory is used again because of <see cref="Reuse"/>.</summary>
    public static bool IsReused { get; private set; }

    /// <summary>Lets the C library use freed tensors of up to 32 MiB again, instead of giving them back to the system and fetching them page by page anew.</summary>
    /// <remarks>
    /// The GNU C library raises its thresholds to the size of a freed block, and a training step would raise them slowly, tensor by tensor, if at all: until then each step pays for
    /// thousands of page faults. One freed block of the largest size does it at once. The block is never touched, so it costs nothing; other C libraries are not affected. Where the library was told its thresholds
    /// by the environment (<c>MALLOC_MMAP_THRESHOLD_</c> and others, <c>GLIBC_TUNABLES</c>) it keeps them.
    /// </remarks>
    public static void Reuse()
    {
        bool isOff = (AppContext.TryGetSwitch(Switch, out bool reuses) && !reuses) || Environment.GetEnvironmentVariable(Variable) == "0";
        if (OperatingSystem.IsLinux() && !isOff)
        {
            NativeMemory.Free(NativeMemory.Alloc(LargestBlock));
            KeepEnd();
            IsReused = true;
        }
    }

    /// <summary>Lets the heap keep free memory at its end, where it would otherwise go back to the system and come anew in every step: which tensor lies there is chance.</summary>
    private static void KeepEnd()
    {
        bool isTold = Array.Exists(Told, static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        if (!isTold && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "mallopt", out nint option))
        {
            _ = ((delegate* unmanaged[Cdecl]<int, int, int>)option)(TrimThreshold, KeptBytes);
        }
    }
}
