using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The driver for one register width and one operation.</summary>
/// <remarks>
/// <para>
/// A chunk is what two registers of counters give. While the rounds of one chunk wait for their multiplications, the operation is applied to
/// the chunk before it, an eighth a round: arithmetic, memory and the next draws overlap.
/// </para>
/// <para>
/// A tie is at first taken for kept and put on a list. When enough are together their draws are made a register at a time, and those
/// that lose are dropped after all.
/// </para>
/// </remarks>
internal static unsafe class MaskDriver<TCounters, TOperation>
    where TCounters : struct, ICounters<TCounters>
    where TOperation : struct, IMaskOperation
{
    private const int Ties = 64;                   // so many are settled together
    private const int MostChunk = 256;             // elements, and so ties, that one chunk can add
    private const long MostRun = 1L << 31;         // positions within a run fit 32 bits

    private static int Chunk
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TCounters.Count * MaskGroup.ElementsPerCounter;
    }

    private static int Step
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Chunk / PhiloxSchedule.FullRounds;
    }

    /// <summary>Applies the operation to elements from <paramref name="first"/> on, whose positions begin at <paramref name="position"/>.</summary>
    public static void Run(
        MaskStream stream, ulong threshold, long first, long length, long position, ref TOperation operation)
    {
        if (threshold is 0 or 1UL << 32)
        {
            ApplyConstant(threshold != 0, length, position, ref operation);
            return;
        }

        Draw(stream, (uint)threshold, first, length, position, ref operation);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(MaskStream stream, uint threshold, long first, long length, long position, ref TOperation operation)
    {
        ulong* bits = stackalloc ulong[(MostChunk / 64) + 1]; // one more, since a step is read as 64 bits
        uint* ties = stackalloc uint[Ties + MostChunk + 1];
        PhiloxSchedule schedule, tieSchedule;
        uint indexHigh = 0, elementHigh = 0;
        bool fresh = true;
        while (length > 0)
        {
            int lead = (int)(first & (MaskGroup.Elements - 1));
            long start = first - lead;
            long counter = start / MaskGroup.ElementsPerCounter;
            if (fresh || indexHigh != (uint)(counter >> 32) || elementHigh != (uint)(start >> 32))
            {
                fresh = false;
                indexHigh = (uint)(counter >> 32);
                elementHigh = (uint)(start >> 32);
                schedule = PhiloxSchedule.Create(stream, MaskStream.Domain.Mask, indexHigh);
                tieSchedule = PhiloxSchedule.Create(stream, MaskStream.Domain.Tie, elementHigh);
            }

            // A run ends where the upper half of an index, of elements or of counters, would change.
            long untilBorder = (1L << 32) - (uint)start;
            long run = Math.Min(Math.Min(lead + length, untilBorder), lead != 0 ? Chunk : MostRun);
            long chunks = (run + Chunk - 1) / Chunk;
            int tieCount = 0;
            long done = Chunks(&schedule, (uint)counter, threshold, chunks, position - lead, ref operation, bits, ties, ref tieCount);
            long last = (done - 1) * Chunk;
            int from = done == 1 ? lead : 0, to = (int)Math.Min(run - last, Chunk);
            ApplyStretch(bits, from, to, position - lead + last + from, ref operation);
            run = last + to;
            if (tieCount != 0)
            {
                Settle(&tieSchedule, (uint)start, threshold, ties, tieCount, lead, run, position - lead, ref operation);
            }

            first += run - lead;
            position += run - lead;
            length -= run - lead;
        }
    }

    /// <summary>
    /// Draws chunks until there are so many, or enough ties are together, and applies all but the last, whose bits it leaves.
    /// </summary>
    /// <returns>How many chunks it drew; at least one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Chunks(
        PhiloxSchedule* schedule,
        uint firstCounter,
        uint threshold,
        long chunks,
        long position,
        ref TOperation operation,
        ulong* bits,
        uint* ties,
        ref int tieCount)
    {
        var philox = new PhiloxRounds<TCounters>(schedule);
        TOperation apply = operation;
        TCounters counters = TCounters.Broadcast(firstCounter);
        TCounters productA = philox.Product(TCounters.Add(counters, TCounters.MaskCountersA));
        TCounters productB = philox.Product(TCounters.Add(counters, TCounters.MaskCountersB));
        TCounters advance = PhiloxRounds<TCounters>.Advance(2 * (uint)TCounters.Count);
        bool hasTies = (threshold & 0xFFFFFF) != 0;
        uint coarse = threshold >> 24;
        TCounters limit = TCounters.Broadcast((hasTies ? coarse : coarse - 1) * 0x0101010101010101UL);
        ulong* equal = stackalloc ulong[MostChunk / 64];
        int count = 0;
        long chunk = 0;
        do
        {
            philox.Begin(productA, out Words<TCounters> a);
            philox.Begin(productB, out Words<TCounters> b);
            productA = TCounters.Add(productA, advance);
            productB = TCounters.Add(productB, advance);
            if (chunk == 0)
            {
                for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
                {
                    philox.Round(round, ref a);
                    philox.Round(round, ref b);
                }
            }
            else
            {
                for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
                {
                    philox.Round(round, ref a);
                    apply.Apply<TCounters>(position, (uint*)((byte*)bits + (round * (Step / 8))));
                    position += Step;
                    philox.Round(round, ref b);
                }
            }

            if (hasTies)
            {
                TCounters.Compare(a, b, limit, bits, equal);
                uint at = (uint)(chunk * Chunk);
                count = List(equal[0], at, ties, count);
                count = List(equal[1], at + 64, ties, count);
                if (Chunk == MostChunk)
                {
                    count = List(equal[2], at + 128, ties, count);
                    count = List(equal[3], at + 192, ties, count);
                }
            }
            else
            {
                TCounters.Compare(a, b, limit, bits, null);
            }

            chunk++;
        }
        while (chunk < chunks && count < Ties);

        tieCount = count;
        return chunk;
    }

    /// <summary>Appends the positions of the bits that are set. Most often there is none or one: that takes no branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int List(ulong bits, uint position, uint* list, int count)
    {
        list[count] = position + (uint)BitOperations.TrailingZeroCount(bits);
        count += bits != 0 ? 1 : 0;
        for (bits &= bits - 1; bits != 0; bits &= bits - 1)
        {
            list[count++] = position + (uint)BitOperations.TrailingZeroCount(bits);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Settle(
        PhiloxSchedule* schedule,
        uint start,
        uint threshold,
        uint* ties,
        int count,
        long from,
        long to,
        long position,
        ref TOperation operation)
    {
        var philox = new PhiloxRounds<TCounters>(schedule);
        TCounters starts = TCounters.Broadcast(start);
        ulong* draws = stackalloc ulong[2 * TCounters.Count];
        ulong fine = (ulong)(threshold & 0xFFFFFF) << 8;
        for (int i = 0; i < count; i += 2 * TCounters.Count)
        {
            philox.Begin(philox.Product(TCounters.Add(TCounters.Load(ties + i), starts)), out Words<TCounters> a);
            philox.Begin(philox.Product(TCounters.Add(TCounters.Load(ties + i + TCounters.Count), starts)), out Words<TCounters> b);
            for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
            {
                philox.Round(round, ref a);
                philox.Round(round, ref b);
            }

            TCounters.Store(a.Word0, draws);
            TCounters.Store(b.Word0, draws + TCounters.Count);

            // The losers move to the front of this batch, again without a branch that nobody could predict.
            int end = Math.Min(2 * TCounters.Count, count - i), losers = 0;
            for (int j = 0; j < end; j++)
            {
                ties[i + losers] = ties[i + j];
                losers += (uint)draws[j] >= fine ? 1 : 0;
            }

            for (int j = 0; j < losers; j++)
            {
                long tie = ties[i + j];
                if (tie >= from && tie < to)
                {
                    operation.Drop(position + tie);
                }
            }
        }
    }

    /// <summary>Applies the operation to a part of a chunk.</summary>
    private static void ApplyStretch(ulong* bits, int from, int to, long position, ref TOperation operation)
    {
        for (; from + Step <= to; from += Step, position += Step)
        {
            uint kept = (uint)(Unsafe.ReadUnaligned<ulong>((byte*)bits + (from / 8)) >> (from % 8));
            operation.Apply<TCounters>(position, &kept);
        }

        for (; from < to; from++, position++)
        {
            operation.Apply(position, (bits[from / 64] >> from % 64 & 1) != 0);
        }
    }

    private static void ApplyConstant(bool kept, long length, long position, ref TOperation operation)
    {
        uint bits = kept ? uint.MaxValue : 0;
        TOperation apply = operation;
        long end = position + length;
        for (; position + Step <= end; position += Step)
        {
            apply.Apply<TCounters>(position, &bits);
        }

        for (; position < end; position++)
        {
            apply.Apply(position, kept);
        }
    }
}
