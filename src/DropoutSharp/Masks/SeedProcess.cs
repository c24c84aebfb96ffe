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
    private const double MaxMean = 64;

    // A position is a 32-bit word scaled to the stretch: the longer it is, the less even the cells' shares of words are.
    private const int MaxLength = 1 << 16;

    private readonly int _cells;
    private readonly int _length;
    private readonly uint[] _cumulative;

    public SeedProcess(int cells, double intensity)
    {
        _cells = cells;
        bool draws = cells > 0 && intensity > 0 && double.IsFinite(intensity);
        double longest = draws ? Math.Min(MaxLength, Math.Max(1, Math.Floor(MaxMean / intensity))) : MaxLength;
        Stretches = draws ? (int)Math.Ceiling(cells / longest) : 0;
        _length = Stretches == 0 ? 0 : (cells + Stretches - 1) / Stretches;
        _cumulative = draws ? Cumulative(_length * intensity) : [];
    }

    public int Stretches { get; }

    /// <summary>The number of maps whose words fit into the stream.</summary>
    public static long MaxMaps(int cells) => MaskStream.MaxElements / WordsPerStretch / Math.Max(1, cells);

    /// <summary>Writes the seeds of one stretch and answers how many there are; a cell can appear more than once.</summary>
    public int Draw(MaskStream stream, long map, int stretch, Span<int> seeds)
    {
        ulong index = (((ulong)map * (ulong)Stretches) + (ulong)stretch) * (WordsPerStretch / 4);
        PhiloxWords words = stream.Draw(MaskStream.Domain.Real, index);
        int points = 0, count = 0;
        while (points < _cumulative.Length && words[0] >= _cumulative[points])
        {
            points++;
        }

        int first = stretch * _length;
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
}
