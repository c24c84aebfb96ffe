using System.Runtime.CompilerServices;

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
    /// <param name="maps">How many maps there are.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="width">The registers' width.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Draw<TTarget>(MaskStream stream, long firstMap, int maps, TTarget target, VectorWidth width)
        where TTarget : struct, ISeedTarget
    {
        const int Most = 512;
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
        uint* counters = stackalloc uint[Most], words = stackalloc uint[4 * Most];
        uint* restCounters = stackalloc uint[Most], restWords = stackalloc uint[4 * Most];
        Part* parts = stackalloc Part[Most];
        var rest = new Rest { Counters = restCounters, Words = restWords, Parts = parts };
        (int map, int stretch) = (0, 0);
        for (long begin = 0; begin < stretches; begin += Most)
        {
            int count = (int)Math.Min(Most, stretches - begin);
            for (int i = 0; i < count; i++)
            {
                counters[i] = (uint)first + ((uint)(begin + i) * CountersPerStretch);
            }

            CounterDraws.Fill(stream, MaskStream.Domain.Real, high, counters, count, words, width);
            for (int i = 0; i < count; i++)
            {
                uint* own = words + (4 * i);
                int points = Points(own[0]), start = stretch * _length;
                Place(target, map, start, own[1], points - 1);
                Place(target, map, start, own[2], points - 2);
                Place(target, map, start, own[3], points - 3);
                Wait(ref rest, counters[i] + 1, new Part(map, start, points - 4));
                Wait(ref rest, counters[i] + 2, new Part(map, start, points - 8));
                for (int word = 12; word <= points; word += 4)
                {
                    Wait(ref rest, counters[i] + ((uint)word >> 2), new Part(map, start, points - word));
                }

                if (rest.Count > Most - CountersPerStretch)
                {
                    PlaceRest(stream, high, ref rest, target, width);
                }

                if (++stretch == Stretches)
                {
                    (map, stretch) = (map + 1, 0);
                }
            }
        }

        PlaceRest(stream, high, ref rest, target, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void PlaceRest<TTarget>(MaskStream stream, uint high, ref Rest rest, TTarget target, VectorWidth width)
        where TTarget : struct, ISeedTarget
    {
        CounterDraws.Fill(stream, MaskStream.Domain.Real, high, rest.Counters, rest.Count, rest.Words, width);
        for (int i = 0; i < rest.Count; i++)
        {
            Part part = rest.Parts[i];
            uint* own = rest.Words + (4 * i);
            Place(target, part.Map, part.Start, own[0], part.More);
            Place(target, part.Map, part.Start, own[1], part.More - 1);
            Place(target, part.Map, part.Start, own[2], part.More - 2);
            Place(target, part.Map, part.Start, own[3], part.More - 3);
        }

        rest.Count = 0;
    }

    private void DrawSingly<TTarget>(MaskStream stream, long firstMap, int maps, TTarget target)
        where TTarget : struct, ISeedTarget
    {
        Span<int> seeds = stackalloc int[MaxSeeds];
        for (int map = 0; map < maps; map++)
        {
            for (int stretch = 0; stretch < Stretches; stretch++)
            {
                foreach (int seed in seeds[..Draw(stream, firstMap + map, stretch, seeds)])
                {
                    target.Place(map, seed, ulong.MaxValue);
                }
            }
        }
    }

    /// <summary>Places a point behind which so many more follow; below 0 it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Place<TTarget>(TTarget target, int map, int start, uint word, int more)
        where TTarget : struct, ISeedTarget
    {
        int cell = start + (int)(((ulong)word * (ulong)_length) >> 32), last = _cells - 1;
        target.Place(map, Math.Min(cell, last), (ulong)(~(more | (last - cell)) >> 31));
    }

    /// <summary>Lets a counter wait if one of its words is a position: it is written anyway, and the next one over it if not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Wait(ref Rest rest, uint counter, Part part)
    {
        rest.Counters[rest.Count] = counter;
        rest.Parts[rest.Count] = part;
        rest.Count += (int)((uint)~part.More >> 31);
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

    /// <summary>A counter behind the first one of its stretch, and how many positions follow its first word's; below 0 where that is none.</summary>
    private readonly record struct Part(int Map, int Start, int More);

    /// <summary>Counters behind the first ones, which wait to be drawn together.</summary>
    private unsafe ref struct Rest
    {
        public uint* Counters;
        public uint* Words;
        public Part* Parts;
        public int Count;
    }
}
