using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Writes each element of a mask as a bit, from the lowest. The first element's index is a multiple of 8.</summary>
internal readonly unsafe struct KeptBits(byte* destination) : IMaskOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>
    {
        if (TCounters.Count == 8)
        {
            Unsafe.WriteUnaligned(destination + (position >> 3), *kept);
        }
        else
        {
            Unsafe.WriteUnaligned(destination + (position >> 3), (ushort)*kept);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long position, bool kept)
    {
        byte bit = (byte)(1 << (int)(position & 7));
        byte* target = destination + (position >> 3);
        *target = (byte)(kept ? *target | bit : *target & ~bit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(long position) => Apply(position, false);
}
