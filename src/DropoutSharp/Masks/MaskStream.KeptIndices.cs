using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

public readonly partial record struct MaskStream
{
    private const int IndexBlock = 4096;

    /// <summary>The kept elements of a stretch of a mask, as ascending positions within the stretch.</summary>
    /// <param name="destination">Receives the positions; room for <paramref name="length"/> of them is needed, since all may be kept.</param>
    /// <param name="length">How many elements the stretch has.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <returns>How many elements are kept: so many positions were written. What lies behind them is unspecified.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the stretch.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    public int FillKeptIndices(Span<int> destination, int length, DropRate dropRate, long firstElement = 0) =>
        FillIndices(destination, length, dropRate, firstElement);

    /// <inheritdoc cref="FillKeptIndices(Span{int}, int, DropRate, long)"/>
    public int FillKeptIndices(Span<long> destination, int length, DropRate dropRate, long firstElement = 0) =>
        FillIndices(destination, length, dropRate, firstElement);

    /// <summary>How many elements of a stretch of a mask are kept.</summary>
    /// <param name="length">How many elements the stretch has; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    public unsafe long CountKept(long length, DropRate dropRate, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        ulong* bits = stackalloc ulong[IndexBlock / 64];
        long count = 0;
        for (long done = 0; done < length; done += IndexBlock)
        {
            int words = FillWords(bits, (int)Math.Min(IndexBlock, length - done), dropRate, firstElement + done);
            for (int i = 0; i < words; i++)
            {
                count += BitOperations.PopCount(bits[i]);
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int FillIndices<TIndex>(Span<TIndex> destination, int length, DropRate dropRate, long firstElement)
        where TIndex : unmanaged, INumberBase<TIndex>
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        if (destination.Length < length)
        {
            throw new ArgumentException($"Destination must hold at least {length} indices; received {destination.Length}.", nameof(destination));
        }

        ulong* bits = stackalloc ulong[IndexBlock / 64];
        int count = 0;
        for (long done = 0; done < length; done += IndexBlock)
        {
            int words = FillWords(bits, (int)Math.Min(IndexBlock, length - done), dropRate, firstElement + done);
            for (int i = 0; i < words; i++)
            {
                for (ulong left = bits[i]; left != 0; left &= left - 1)
                {
                    destination[count++] = TIndex.CreateTruncating(done + (64 * i) + BitOperations.TrailingZeroCount(left));
                }
            }
        }

        return count;
    }

    /// <returns>How many words hold the bits; those beyond them are 0.</returns>
    private unsafe int FillWords(ulong* bits, int count, DropRate dropRate, long firstElement)
    {
        int words = (count + 63) / 64;
        bits[words - 1] = 0;
        FillKeptBits((byte*)bits, count, dropRate.KeepThreshold, firstElement);
        return words;
    }
}
