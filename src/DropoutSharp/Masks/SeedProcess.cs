using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Draws the seeds of a map: cells that are seeds independently, each with probability 1 − exp(−λ).</summary>
/// <remarks>
/// A Poisson process of intensity λ puts at least one point on a cell with exactly that probability, independently of all others. The cells
/// are cut into stretches, so that the table of a stretch's number of points stays short; a point beyond the last cell is left out, which
/// changes nothing for the others. Stretch s of map m takes the reals' words from <c>(m·stretches + s)·256</c> on: the first gives the number
/// of points, each following one a position.
/// </remarks>
internal sealed class SeedProcess
{
    /// <summary>More points than this in one stretch have a probability below 2⁻³³, and words are 32 bits.</summary>
    public const int MaxSeeds = WordsPerStretch - 1;

    private const int WordsPerStretch = 256;
    private const int CountersPerStretch = WordsPerStretch / 4;
    private const double MaxMean = 64;

    /// <summary>So many counters are drawn together.</summary>
    private const int AtOnce = 256;

    // A position is a 32-bit word scaled to the stretch: the longer it is, the less even the cells' shares of words are.
    private const int MaxLength = 1 << 16;

    private readonly int _cells;
    private readonly int _length;
    private readonly uint[] _cumulative;

    /// <summary>For each upper byte of a word how many points the words that start with it have at least.</summary>
    private readonly byte[] _least = new byte[256];

    public SeedProcess(int cells, double intensity)
    {
        _cells = cells;
        bool draws = cells > 0 && intensity > 0 && double.IsFinite(intensity);
        double longest = draws ? Math.Min(MaxLength, Math.Max(1, Math.Floor(MaxMean / intensity))) : MaxLength;
        Stretches = draws ? (int)Math.Ceiling(cells / longest) : 0;
        _length = Stretches == 0 ? 0 : (cells + Stretches - 1) / Stretches;
        _cumulative = draws ? Cumulative(_length * intensity) : [];
        for (uint upper = 0; upper < _least.Length; upper++)
        {
            _least[upper] = (byte)_cumulative.Count(threshold => upper << 24 >= threshold);
        }
    }

    public int Stretches { get; }

    /// <summary>The number of maps whose words fit into the stream.</summary>
    public static long MaxMaps(int cells) => MaskStream.MaxElements / WordsPerStretch / Math.Max(1, cells);

    /// <summary>Writes the seeds of one stretch and answers how many there are; a cell can appear more than once.</summary>
    public int Draw(MaskStream stream, long map, int stretch, Span<int> seeds)
    {
        ulong index = (((ulong)map * (ulong)Stretches) + (ulong)stretch) * CountersPerStretch;
        PhiloxWords words = stream.Draw(MaskStream.Domain.Real, index);
        int points = Points(words[0]), count = 0, first = stretch * _length;
        for (int word = 1; word <= points; word++)
        {
            if ((word & 3) == 0)
            {
                words = stream.Draw(MaskStream.Domain.Real, index + ((ulong)word >> 2));
            }

            int cell = first + (int)(((ulong)words[word & 3] * (ulong)_length) >> 32);
            if (cell < _cells)
            {
                seeds[count++] = cell;
            }
        }

        return count;
    }

    /// <summary>Places the seeds of neighbouring maps: those of <see cref="Draw(MaskStream, long, int, Span{int})"/>, drawn many at a time.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="firstMap">The index of the first map.</param>
    /// <param name="maps">How many maps there are, at most 2¹⁶, of at most 2¹⁶ cells.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="width">The registers' width.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Draw<TTarget>(MaskStream stream, long firstMap, int maps, TTarget target, VectorWidth width)
        where TTarget : struct, ISeedTarget
    {
        long stretches = (long)maps * Stretches;
        ulong first = (ulong)firstMap * (ulong)Stretches * CountersPerStretch, last = first + ((ulong)stretches * CountersPerStretch) - 1;
        if (stretches == 0)
        {
            return;
        }

        if (first >> 32 != last >> 32)
        {
            DrawSingly(stream, firstMap, maps, target);
            return;
        }

        uint high = (uint)(first >> 32);
        uint* words = stackalloc uint[4 * AtOnce], seeds = stackalloc uint[(4 * AtOnce) + CounterDraws.Batch];
        uint* restCounters = stackalloc uint[AtOnce], restWords = stackalloc uint[4 * AtOnce];
        Part* parts = stackalloc Part[AtOnce];
        int* crowded = stackalloc int[AtOnce];
        bool isWide = width == VectorWidth.Vector512 && Avx512F.IsSupported && Stretches == 1;
        int rest = 0;
        for (long begin = 0; begin < stretches; begin += AtOnce)
        {
            int count = (int)Math.Min(AtOnce, stretches - begin);
            uint counter = (uint)first + ((uint)begin * CountersPerStretch);
            CounterDraws.Fill(stream, MaskStream.Domain.Real, high, counter, CountersPerStretch, count, words, width);
            int listed = isWide
                ? ListFirst512((uint)begin, count, words, seeds, crowded, out int more)
                : ListFirst(begin, count, words, seeds, crowded, out more);
            target.Place(seeds, listed);
            for (int i = 0; i < more; i++)
            {
                int at = crowded[i], points = Points(words[4 * at]);
                (int map, int stretch) = Math.DivRem((int)begin + at, Stretches);
                for (int word = 4; word <= points; word += 4)
                {
                    restCounters[rest] = counter + ((uint)at * CountersPerStretch) + ((uint)word >> 2);
                    parts[rest++] = new Part((uint)map << 16, stretch * _length, points - word);
                }

                if (rest > AtOnce - CountersPerStretch)
                {
                    PlaceRest(stream, high, restCounters, parts, rest, restWords, seeds, target, width);
                    rest = 0;
                }
            }
        }

        PlaceRest(stream, high, restCounters, parts, rest, restWords, seeds, target, width);
    }

    /// <summary>Lists the seeds that the first counters of stretches tell, and which stretches have more.</summary>
    /// <remarks>Whether there is a seed cannot be predicted, so that a branch would cost more than the work: it is written anyway, and the next one over it if not.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int ListFirst(long begin, int count, uint* words, uint* seeds, int* crowded, out int more)
    {
        (int map, int stretch) = Math.DivRem((int)begin, Stretches);
        int listed = 0;
        more = 0;
        for (int i = 0; i < count; i++, words += 4)
        {
            int points = Points(words[0]), start = stretch * _length;
            uint of = (uint)map << 16;
            listed = List(seeds, listed, of, start, words[1], points - 1);
            listed = List(seeds, listed, of, start, words[2], points - 2);
            listed = List(seeds, listed, of, start, words[3], points - 3);
            crowded[more] = i;
            more += points > 3 ? 1 : 0;
            if (++stretch == Stretches)
            {
                (map, stretch) = (map + 1, 0);
            }
        }

        return listed;
    }

    /// <summary>The same for maps of one stretch, four at a time in a register: each has the number of its points in one lane and the first three points in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int ListFirst512(uint begin, int count, uint* words, uint* seeds, int* crowded, out int more)
    {
        uint ready = (uint)_cumulative.Length;
        Vector512<uint> thresholds = Vector512.Create(Vector256.Create(Vector128.Create(Threshold(3), Threshold(0), Threshold(1), Threshold(2))));
        uint possible = (ready > 0 ? 0x2222U : 0) | (ready > 1 ? 0x4444U : 0) | (ready > 2 ? 0x8888U : 0) | (ready > 3 ? 0x1111U : 0);
        Vector512<uint> maps = (Vector512.Create(0U, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3) + Vector512.Create(begin)) << 16, four = Vector512.Create(4U << 16);
        Vector512<uint> length = Vector512.Create((uint)_length), lanes = Vector512.Create(1U, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        int listed = 0;
        more = 0;
        for (int i = 0; i < count; i += 4, words += 16)
        {
            Vector512<uint> word = Vector512.Load(words);
            uint within = count - i >= 4 ? possible : possible & ((1U << (4 * (count - i))) - 1);
            uint set = (uint)Vector512.GreaterThanOrEqual(Avx512F.Shuffle(word, 0), thresholds).ExtractMostSignificantBits() & within;
            Vector512<ulong> even = Avx512F.Multiply(word, length) >>> 32;
            Vector512<ulong> odd = Avx512F.Multiply((word.AsUInt64() >>> 32).AsUInt32(), length) & Vector512.Create(0xFFFFFFFF_00000000UL);
            Vector512<uint> cells = (even | odd).AsUInt32() | maps, chosen = ~Vector512.Equals(Vector512.Create(set & 0xEEEE) & lanes, Vector512<uint>.Zero);
            Avx512F.Compress(Vector512<uint>.Zero, chosen, cells).Store(seeds + listed);
            listed += BitOperations.PopCount(set & 0xEEEE);
            maps += four;
            for (uint crowds = set & 0x1111; crowds != 0; crowds &= crowds - 1)
            {
                crowded[more++] = i + (BitOperations.TrailingZeroCount(crowds) >> 2);
            }
        }

        return listed;
    }

    private uint Threshold(int points) => points < _cumulative.Length ? _cumulative[points] : uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void PlaceRest<TTarget>(
        MaskStream stream, uint high, uint* counters, Part* parts, int count, uint* words, uint* seeds, TTarget target, VectorWidth width)
        where TTarget : struct, ISeedTarget
    {
        if (count == 0)
        {
            return;
        }

        CounterDraws.Fill(stream, MaskStream.Domain.Real, high, counters, count, words, width);
        int listed = 0;
        for (int i = 0; i < count; i++, words += 4)
        {
            Part part = parts[i];
            listed = List(seeds, listed, part.Map, part.Start, words[0], part.More);
            listed = List(seeds, listed, part.Map, part.Start, words[1], part.More - 1);
            listed = List(seeds, listed, part.Map, part.Start, words[2], part.More - 2);
            listed = List(seeds, listed, part.Map, part.Start, words[3], part.More - 3);
        }

        target.Place(seeds, listed);
    }

    private unsafe void DrawSingly<TTarget>(MaskStream stream, long firstMap, int maps, TTarget target)
        where TTarget : struct, ISeedTarget
    {
        Span<int> seeds = stackalloc int[MaxSeeds];
        uint* list = stackalloc uint[MaxSeeds];
        for (int map = 0; map < maps; map++)
        {
            for (int stretch = 0; stretch < Stretches; stretch++)
            {
                int count = Draw(stream, firstMap + map, stretch, seeds);
                for (int i = 0; i < count; i++)
                {
                    list[i] = ((uint)map << 16) | (uint)seeds[i];
                }

                target.Place(list, count);
            }
        }
    }

    /// <summary>Lists a point behind which so many more follow; below 0 it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe int List(uint* seeds, int listed, uint map, int start, uint word, int more)
    {
        int cell = start + (int)(((ulong)word * (ulong)_length) >> 32);
        seeds[listed] = map | (uint)cell;
        return listed + (int)((uint)~(more | (_cells - 1 - cell)) >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Points(uint word)
    {
        int points = _least[word >> 24];
        while (points < _cumulative.Length && word >= _cumulative[points])
        {
            points++;
        }

        return points;
    }

    /// <summary>Entry k is 2³² times the probability of at most k points; the table ends where that rounds to 2³².</summary>
    private static uint[] Cumulative(double mean)
    {
        var table = new List<uint>();
        double probability = Math.Exp(-mean), sum = 0;
        for (int k = 0; k < MaxSeeds; k++)
        {
            sum += probability;
            double threshold = Math.Floor((sum * 4294967296.0) + 0.5);
            if (threshold >= 4294967296.0)
            {
                break;
            }

            table.Add((uint)threshold);
            probability *= mean / (k + 1);
        }

        return [.. table];
    }

    /// <summary>A counter behind the first one of its stretch: the map in the upper half, and how many positions follow its first word's; below 0 where that is none.</summary>
    private readonly record struct Part(uint Map, int Start, int More);
}
