using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Memory that will be needed soon, asked for while other work is done.</summary>
/// <param name="source">What will be read; null for nothing.</param>
/// <param name="destination">What will be written.</param>
internal readonly unsafe struct Ahead(byte* source, byte* destination)
{
    /// <summary>So far ahead of the work: beyond the page's end, at which processors stop to do it by themselves.</summary>
    public const int Distance = 4096;

    /// <summary>From so many bytes on a tensor does not lie in the nearest caches.</summary>
    public const long LeastBytes = 1 << 20;

    /// <summary>What a cache brings at once.</summary>
    public const int Line = 64;

    /// <summary>Asks for two lines of both.</summary>
    /// <param name="turn">How often it was asked before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask(int turn)
    {
        if (Sse.IsSupported && source != null)
        {
            int at = 2 * Line * turn;
            Sse.Prefetch0(source + at);
            Sse.Prefetch0(destination + at);
            Sse.Prefetch0(source + at + Line);
            Sse.Prefetch0(destination + at + Line);
        }
    }
}
