using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Draws the words of a stretch of real numbers and gives them to an operation, block by block, on several threads where that pays.</summary>
internal static unsafe class RealDriver
{
    /// <summary>Blocks are filled in multiples of so many elements: two registers of the widest form.</summary>
    public const int Batch = 64;

    private const int Block = 1024;

    public static void Run<TOperation>(MaskStream stream, long first, long length, TOperation operation)
        where TOperation : struct, IRealOperation =>
        Run(stream, first, length, operation, VectorWidths.Best, Parallelism.ForReals);

    public static void Run<TOperation>(
        MaskStream stream, long first, long length, TOperation operation, VectorWidth width, Parallelism parallelism)
        where TOperation : struct, IRealOperation
    {
        var work = new Work<TOperation>(stream, first, operation, width);
        if (length < parallelism.LeastLength)
        {
            work.Invoke(0, length);
            return;
        }

        ForkJoin.Run(length, parallelism.Piece, parallelism.Threads, work);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TCounters, TSingles, TDoubles, TOperation>(
        MaskStream stream, long first, long length, long position, ref TOperation operation)
        where TCounters : struct, ICounters<TCounters>
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
        where TOperation : struct, IRealOperation
    {
        uint* words = stackalloc uint[Block];
        Unsafe.SkipInit(out PhiloxSchedule schedule);
        long high = -1;
        while (length > 0)
        {
            int lead = (int)(first & 3);
            long counter = first >> 2;
            if (counter >> 32 != high)
            {
                high = counter >> 32;
                schedule = PhiloxSchedule.Create(stream, MaskStream.Domain.Real, (uint)high);
            }

            // A block ends where the upper half of the counters' index would change.
            long untilBorder = 4 * ((1L << 32) - (uint)counter);
            int end = (int)Math.Min(Math.Min(lead + length, untilBorder), Block);
            Fill<TCounters>(&schedule, (uint)counter, end, words);
            operation.Apply<TSingles, TDoubles>(words, lead, end, position);
            first += end - lead;
            position += end - lead;
            length -= end - lead;
        }
    }

    /// <summary>Fills at least so many words, up to the next multiple of <see cref="Batch"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<TCounters>(PhiloxSchedule* schedule, uint counter, int count, uint* words)
        where TCounters : struct, ICounters<TCounters>
    {
        var philox = new PhiloxRounds<TCounters>(schedule);
        TCounters product = philox.Product(TCounters.Add(TCounters.Broadcast(counter), TCounters.WordCounters));
        TCounters advance = PhiloxRounds<TCounters>.Advance((uint)TCounters.Count);
        for (uint* end = words + ((count + Batch - 1) / Batch * Batch); words < end; words += 8 * TCounters.Count)
        {
            TCounters next = TCounters.Add(product, advance);
            philox.Begin(product, out Words<TCounters> a);
            philox.Begin(next, out Words<TCounters> b);
            product = TCounters.Add(next, advance);
            for (nint round = 0; round < PhiloxSchedule.FullRounds; round++)
            {
                philox.Round(round, ref a);
                philox.Round(round, ref b);
            }

            TCounters.StoreWords(a, words);
            TCounters.StoreWords(b, words + (4 * TCounters.Count));
        }
    }

    private static void RunScalar<TOperation>(MaskStream stream, long first, long length, long position, ref TOperation operation)
        where TOperation : struct, IRealOperation
    {
        uint* words = stackalloc uint[Batch];
        while (length > 0)
        {
            int lead = (int)(first & 3), end = (int)Math.Min(lead + length, Batch);
            for (int i = 0; i < end; i += 4)
            {
                (words[i], words[i + 1], words[i + 2], words[i + 3]) = stream.Draw(MaskStream.Domain.Real, (ulong)(first + i) >> 2);
            }

            operation.Apply<SinglesScalar, DoublesScalar>(words, lead, end, position);
            first += end - lead;
            position += end - lead;
            length -= end - lead;
        }
    }

    private readonly struct Work<TOperation>(MaskStream stream, long first, TOperation operation, VectorWidth width) : IRangeWork
        where TOperation : struct, IRealOperation
    {
        public void Invoke(long start, long end)
        {
            TOperation mine = operation;
            long from = first + start, length = end - start;
            switch (width)
            {
                case VectorWidth.Vector512:
                    Run<Counters512, Singles512, Doubles512, TOperation>(stream, from, length, start, ref mine);
                    break;
                case VectorWidth.Vector256:
                    Run<Counters256, Singles256, Doubles256, TOperation>(stream, from, length, start, ref mine);
                    break;
                case VectorWidth.Vector128:
                    Run<Counters128, Singles128, Doubles128, TOperation>(stream, from, length, start, ref mine);
                    break;
                default:
                    RunScalar(stream, from, length, start, ref mine);
                    break;
            }
        }
    }
}
