using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Flags of a byte each, 0 for dropped.</summary>
internal static unsafe class KeptFlags
{
    /// <summary>Sixteen flags as bits, from the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(byte* flags) => ~Vector128.Equals(Vector128.Load(flags), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
}
