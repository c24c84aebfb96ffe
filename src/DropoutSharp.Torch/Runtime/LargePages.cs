using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DropoutSharp.Torch;

/// <summary>Asks Linux to back memory that has not been touched yet with pages of 2 MiB.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LargePages
{
    /// <summary>The C library takes blocks of this size from the system and gives them back each time, whatever its threshold has grown to.</summary>
    public const long LeastBytes = 32 << 20;

    private const int HugePageAdvice = 14;
    private const long PageBytes = 4096;

    /// <summary>Asks for a stretch of memory. Where the system does not do it nothing changes.</summary>
    /// <param name="address">Where it starts.</param>
    /// <param name="bytes">Its length.</param>
    public static void Ask(nint address, long bytes)
    {
        (nint first, long whole) = WholePages(address, bytes);
        if (whole > 0)
        {
            _ = Advise(first, (nuint)whole, HugePageAdvice);
        }
    }

    /// <summary>The pages that lie inside a stretch as a whole: where they start, and their bytes; 0 or fewer where there is none.</summary>
    internal static (nint First, long Bytes) WholePages(nint address, long bytes)
    {
        nint first = (nint)((address + PageBytes - 1) / PageBytes * PageBytes);
        return (first, Math.Max(0, (address + bytes - first) / PageBytes * PageBytes));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
