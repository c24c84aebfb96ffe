using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Draws block masks of many maps together, a bit a cell.</summary>
/// <remarks>
/// Most maps have few seeds. So all bits are set, and each seed clears its block: rows of a small map lie so close together that a block is a pattern of a few words, which is shifted to its
/// place. The words of the seeds are drawn in registers.
/// </remarks>
internal sealed unsafe class BlockBits
{
    private const int MostCells = 1 << 16;

    private const int MostPatternWords = 1 << 13;

    /// <summary>So many cells are drawn together, if a map has not more: few enough for what they decide about to be on its way from the memory meanwhile.</summary>
    private const int CellsAtOnce = 1 << 14;

    /// <summary>So many maps fill the registers that draw their seeds.</summary>
    private const int FewestAtOnce = 16;

    private readonly SeedProcess _seeds;
    private readonly int _planeCells;

    /// <summary>How many words a pattern has.</summary>
    private readonly int _words;

    /// <summary>A block's rows as far as they lie on the map: of each height and width, behind each other.</summary>
    private readonly ulong[] _patterns;

    /// <summary>Of each cell the block that a seed there drops.</summary>
    private readonly Block[] _blocks;

    private BlockBits(int[] map, int[] block, int cells, int words, SeedProcess seeds)
    {
        (int height, int width) = (map.Length > 1 ? map[^2] : 1, map[^1]);
        (int high, int wide) = (map.Length > 1 ? block[^2] : 1, block[^1]);
        (_seeds, _planeCells, _words) = (seeds, height * width, words);
        int unit = MapsAUnit(cells);
        MapsAtOnce = Math.Max(Math.Max(1, FewestAtOnce / unit), CellsAtOnce / (unit * cells)) * unit;
        _patterns = new ulong[high * wide * words];
        for (int rows = 1; rows <= high; rows++)
        {
            for (int columns = 1; columns <= wide; columns++)
            {
                int first = Pattern(rows, columns);
                for (int bit = 0; bit < rows * columns; bit++)
                {
                    int at = (bit / columns * width) + (bit % columns);
                    _patterns[first + (at >> 6)] |= 1UL << at;
                }
            }
        }

        _blocks = new Block[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            (int row, int column) = Math.DivRem(cell, width);
            (int plane, row) = Math.DivRem(row, height);
            (int left, int columns) = Within(column, width, wide);
            (int top, int rows) = Within(row, height, high);
            (int front, int planes) = map.Length > 2 ? Within(plane, map[0], block[0]) : (0, 1);
            _blocks[cell] = new Block((front * _planeCells) + (top * width) + left, (ushort)Pattern(rows, columns), (ushort)planes);
        }

        int Pattern(int rows, int columns) => (((rows - 1) * wide) + columns - 1) * words;

        static (int First, int Length) Within(int seed, int size, int block)
        {
            int first = Math.Max(0, seed - ((block - 1) / 2));
            return (first, Math.Min(size - 1, seed + (block / 2)) - first + 1);
        }
    }

    /// <summary>How many maps are best drawn together: where that is possible, so many that vectors of what they decide about end with the last one.</summary>
    public int MapsAtOnce { get; }

    /// <summary>How many words behind the last map's are touched by patterns that it cuts off.</summary>
    public int Slack => _words + 1;

    /// <summary>For maps of a size, or null where these or the blocks are too large for it.</summary>
    /// <param name="map">The map's size along each axis.</param>
    /// <param name="block">The block's size along each axis, not above the map's.</param>
    /// <param name="seeds">Draws the seeds.</param>
    public static BlockBits? Create(int[] map, int[] block, SeedProcess seeds)
    {
        long cells = map.Aggregate(1L, static (product, size) => product * size), high = map.Length > 1 ? block[^2] : 1, wide = block[^1];
        long words = (((high - 1) * map[^1]) + wide + 63) / 64;
        return cells is > 0 and <= MostCells && words <= 2 * high && high * wide * words <= MostPatternWords ? new BlockBits(map, block, (int)cells, (int)words, seeds) : null;
    }

    /// <summary>Writes the masks of neighbouring maps, map after map without gaps.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="firstMap">The index of the first map.</param>
    /// <param name="maps">How many maps there are, at most 2¹⁶.</param>
    /// <param name="kept">Receives a bit a cell, from the lowest of the first word, 1 where it is kept; as many whole words as hold them, and <see cref="Slack"/> more.</param>
    /// <param name="width">The registers' width.</param>
    /// <param name="ahead">What is asked for from the memory meanwhile.</param>
    public void Draw(MaskStream stream, long firstMap, int maps, ulong* kept, VectorWidth width, Ahead ahead = default)
    {
        new Span<ulong>(kept, checked((int)((((long)maps * _blocks.Length) + 63) / 64) + Slack)).Fill(ulong.MaxValue);
        fixed (ulong* patterns = _patterns)
        fixed (Block* blocks = _blocks)
        {
            _seeds.Draw(stream, firstMap, maps, new Target(kept, patterns, blocks, _blocks.Length, _planeCells, _words, ahead), width);
        }
    }

    /// <summary>The fewest maps whose cells are a multiple of what a kernel takes at a time; one where these would be too many.</summary>
    private static int MapsAUnit(int cells)
    {
        const int Step = 32;
        int unit = Step >> Math.Min(BitOperations.Log2(Step), BitOperations.TrailingZeroCount(cells));
        return (long)unit * cells > CellsAtOnce ? 1 : unit;
    }

    /// <summary>What a seed drops.</summary>
    /// <param name="First">The first of the cells.</param>
    /// <param name="Pattern">Where the pattern of its rows begins.</param>
    /// <param name="Planes">On how many neighbouring planes it lies.</param>
    private readonly record struct Block(int First, ushort Pattern, ushort Planes);

    private readonly struct Target(ulong* kept, ulong* patterns, Block* blocks, int cells, int planeCells, int words, Ahead ahead) : ISeedTarget
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Place(uint* seeds, int count)
        {
            for (int i = 0; i < count; i++)
            {
                ahead.Ask(i);
                Block block = blocks[seeds[i] & 0xFFFF];
                ulong* pattern = patterns + block.Pattern;
                long first = ((long)(seeds[i] >> 16) * cells) + block.First;
                for (int plane = block.Planes; plane > 0; plane--, first += planeCells)
                {
                    Clear(kept + (first >> 6), pattern, (int)(first & 63));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Clear(ulong* target, ulong* pattern, int shift)
        {
            ulong carry = 0;
            for (int word = 0; word < words; word++)
            {
                target[word] &= ~((pattern[word] << shift) | carry);
                carry = pattern[word] >> 1 >> (63 - shift);
            }

            target[words] &= ~carry;
        }
    }
}
