using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Writes each element of a mask as a byte, 1 or 0.</summary>
internal readonly unsafe struct KeptBytes(byte* destination) : IMaskOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>
    {
        if (TCounters.Count == 8)
        {
            // Each of the four bytes of bits is spread over eight bytes; both 128-bit halves hold all four.
            Vector256<byte> bits = Vector256.Shuffle(
                Vector256.Create(*kept).AsByte(),
                Vector256.Create(
                    (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19));
            Vector256<byte> set = bits & Vector256.Create(0x8040201008040201UL).AsByte();
            Vector256.Min(set, Vector256.Create((byte)1)).Store(destination + position);
        }
        else
        {
            Vector128<byte> bits = Vector128.Shuffle(
                Vector128.Create(*kept).AsByte(), Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
            Vector128<byte> set = bits & Vector128.Create(0x8040201008040201UL).AsByte();
            Vector128.Min(set, Vector128.Create((byte)1)).Store(destination + position);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long position, bool kept) => destination[position] = kept ? (byte)1 : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(long position) => destination[position] = 0;
}
