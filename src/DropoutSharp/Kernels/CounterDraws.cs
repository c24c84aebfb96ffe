using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Draws the words of counters that are not neighbours, many at a time: those of a list, or at equal distances.</summary>
internal static unsafe class CounterDraws
{
    /// <summary>The list of counters and the words have room for a multiple of this: two registers of the widest form.</summary>
    public const int Batch = 16;

    /// <summary>How many counters a list may have.</summary>
    public const int Most = 1024;

    /// <summary>The four words of each counter of a list.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="domain">What the words are for.</param>
    /// <param name="high">The upper halves of the counters' indices, which they share.</param>
    /// <param name="counters">The lower halves; what stands behind the last one, up to a multiple of <see cref="Batch"/>, may be anything.</param>
    /// <param name="count">How many counters there are, at most <see cref="Most"/>.</param>
    /// <param name="words">Receives four words a counter, in the list's order.</param>
    /// <param name="width">The registers' width.</param>
    public static void Fill(MaskStream stream, MaskStream.Domain domain, uint high, uint* counters, int count, uint* words, VectorWidth width)
    {
        if (width == VectorWidth.Scalar)
        {
            for (int i = 0; i < count; i++)
            {
                (words[4 * i], words[(4 * i) + 1], words[(4 * i) + 2], words[(4 * i) + 3]) = stream.Draw(domain, ((ulong)high << 32) | counters[i]);
            }

            return;
        }

        PhiloxSchedule schedule = PhiloxSchedule.Create(stream, domain, high);
        switch (width)
        {
            case VectorWidth.Vector512:
                Fill<Counters512>(&schedule, counters, count, words);
                break;
            case VectorWidth.Vector256:
                Fill<Counters256>(&schedule, counters, count, words);
                break;
            default:
                Fill<Counters128>(&schedule, counters, count, words);
                break;
        }
    }

    /// <summary>The four words of each counter of a row of them at equal distances.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="domain">What the words are for.</param>
    /// <param name="high">The upper halves of the counters' indices, which they share.</param>
    /// <param name="first">The lower half of the first one.</param>
    /// <param name="distance">How far each is from the one before it; no lower half may leave 32 bits.</param>
    /// <param name="count">How many counters there are.</param>
    /// <param name="words">Receives four words a counter; there must be room for a multiple of <see cref="Batch"/> of them.</param>
    /// <param name="width">The registers' width.</param>
    public static void Fill(MaskStream stream, MaskStream.Domain domain, uint high, uint first, uint distance, int count, uint* words, VectorWidth width)
    {
        if (width == VectorWidth.Scalar)
        {
            for (int i = 0; i < count; i++)
            {
                (words[4 * i], words[(4 * i) + 1], words[(4 * i) + 2], words[(4 * i) + 3]) = stream.Draw(domain, ((ulong)high << 32) | (first + ((uint)i * distance)));
            }

            return;
        }

        PhiloxSchedule schedule = PhiloxSchedule.Create(stream, domain, high);
        switch (width)
        {
            case VectorWidth.Vector512:
                Fill<Counters512>(&schedule, first, distance, count, words);
                break;
            case VectorWidth.Vector256:
                Fill<Counters256>(&schedule, first, distance, count, words);
                break;
            default:
                Fill<Counters128>(&schedule, first, distance, count, words);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<TCounters>(PhiloxSchedule* schedule, uint first, uint distance, int count, uint* words)
        where TCounters : struct, ICounters<TCounters>
    {
        var philox = new PhiloxRounds<TCounters>(schedule);
        TCounters counters = TCounters.Add(TCounters.Broadcast(first), TCounters.Multiply(TCounters.WordCounters, TCounters.Broadcast(distance)));
        TCounters product = philox.Product(counters), advance = PhiloxRounds<TCounters>.Advance((uint)TCounters.Count * distance);
        for (int i = 0; i < count; i += 2 * TCounters.Count)
        {
            philox.Begin(product, out Words<TCounters> a);
            product = TCounters.Add(product, advance);
            philox.Begin(product, out Words<TCounters> b);
            product = TCounters.Add(product, advance);
            for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
            {
                philox.Round(round, ref a);
                philox.Round(round, ref b);
            }

            TCounters.StoreWords(a, words + (4 * i));
            TCounters.StoreWords(b, words + (4 * (i + TCounters.Count)));
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<TCounters>(PhiloxSchedule* schedule, uint* counters, int count, uint* words)
        where TCounters : struct, ICounters<TCounters>
    {
        // Words are stored for counters that stand in a register in this order.
        ulong* order = stackalloc ulong[TCounters.Count];
        TCounters.Store(TCounters.WordCounters, order);
        uint* ordered = stackalloc uint[Most + Batch];
        int whole = (count + (2 * TCounters.Count) - 1) / (2 * TCounters.Count) * 2 * TCounters.Count;
        for (int lane = 0; lane < TCounters.Count; lane++)
        {
            int from = (int)(uint)order[lane];
            for (int i = 0; i < whole; i += TCounters.Count)
            {
                ordered[i + lane] = counters[i + from];
            }
        }

        var philox = new PhiloxRounds<TCounters>(schedule);
        for (int i = 0; i < whole; i += 2 * TCounters.Count)
        {
            philox.Begin(philox.Product(TCounters.Load(ordered + i)), out Words<TCounters> a);
            philox.Begin(philox.Product(TCounters.Load(ordered + i + TCounters.Count)), out Words<TCounters> b);
            for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
            {
                philox.Round(round, ref a);
                philox.Round(round, ref b);
            }

            TCounters.StoreWords(a, words + (4 * i));
            TCounters.StoreWords(b, words + (4 * (i + TCounters.Count)));
        }
    }
}
