using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Draws block masks of many maps together, a bit a cell.</summary>
/// <remarks>
/// A seed sets the bits of its block's row; afterwards the rows of all maps are spread to their neighbours by shifts of whole words. So a seed costs the same whatever its block's size, and the
/// words of the seeds are drawn in registers. For that each map lies in words of its own, with empty rows (and planes) behind the last one, into which blocks that reach over the border are
/// spread.
/// </remarks>
internal sealed unsafe class BlockBits
{
    private const int MostCells = 1 << 16;

    /// <summary>So many words of maps are drawn together, if one has not more: they stay in the nearest cache.</summary>
    private const int WordsAtOnce = 1 << 10;

    private readonly SeedProcess _seeds;
    private readonly int _cells;
    private readonly int _planes;
    private readonly int _planeCells;
    private readonly int _planeBits;
    private readonly int _before;
    private readonly int _words;
    private readonly int _lead;
    private readonly int[] _spreads;

    /// <summary>Of each cell the run of bits that a seed there drops of its own row: where it starts, and in the low 7 bits how long it is.</summary>
    private readonly uint[] _runs;

    private BlockBits(int[] map, int[] block, int cells, SeedProcess seeds)
    {
        (int depth, int height, int width) = (map.Length > 2 ? map[0] : 1, map.Length > 1 ? map[^2] : 1, map[^1]);
        (int deep, int high) = (map.Length > 2 ? block[0] : 1, map.Length > 1 ? block[^2] : 1);
        (_seeds, _cells, _planes, _planeCells, _planeBits) = (seeds, cells, depth, height * width, (height + high - 1) * width);
        _before = ((deep - 1) / 2 * _planeBits) + ((high - 1) / 2 * width);
        _words = (((depth + deep - 1) * _planeBits) + 63) / 64;
        _spreads = [.. Spreads(high, width), .. Spreads(deep, _planeBits)];
        _lead = (_spreads.DefaultIfEmpty().Max() / 64) + 1;
        _runs = new uint[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            (int row, int column) = Math.DivRem(cell, width);
            (int plane, row) = Math.DivRem(row, height);
            int left = Math.Max(0, column - ((block[^1] - 1) / 2)), right = Math.Min(width - 1, column + (block[^1] / 2));
            _runs[cell] = ((uint)((plane * _planeBits) + (row * width) + left) << 7) | (uint)(right - left + 1);
        }
    }

    /// <summary>How many maps are best drawn together.</summary>
    public int MapsAtOnce => Math.Max(1, WordsAtOnce / _words);

    /// <summary>For maps of a size, or null where these are too large for it.</summary>
    /// <param name="map">The map's size along each axis.</param>
    /// <param name="block">The block's size along each axis, not above the map's.</param>
    /// <param name="seeds">Draws the seeds.</param>
    public static BlockBits? Create(int[] map, int[] block, SeedProcess seeds)
    {
        long cells = 1, padded = map[^1];
        for (int axis = 0; axis < map.Length; axis++)
        {
            cells *= map[axis];
            padded *= axis == map.Length - 1 ? 1 : map[axis] + block[axis] - 1;
        }

        return cells is > 0 and <= MostCells && padded <= 8 * MostCells && block[^1] <= 64 ? new BlockBits(map, block, (int)cells, seeds) : null;
    }

    /// <summary>Writes the masks of neighbouring maps, map after map without gaps.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="firstMap">The index of the first map.</param>
    /// <param name="maps">How many maps there are.</param>
    /// <param name="kept">Receives a bit a cell, from the lowest of the first word, 1 where it is kept; as many whole words as hold them, and one more.</param>
    /// <param name="width">The registers' width.</param>
    public void Draw(MaskStream stream, long firstMap, int maps, ulong* kept, VectorWidth width)
    {
        // What is shifted into the first word comes from in front of it; a run that ends at a word's border touches the next one.
        int length = maps * _words, room = _lead + length + 1;
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(room);
        rented.AsSpan(0, room).Clear();
        fixed (ulong* memory = rented)
        fixed (uint* runs = _runs)
        {
            ulong* bits = memory + _lead;
            _seeds.Draw(stream, firstMap, maps, new Target(bits, runs, _words), width);
            foreach (int shift in _spreads)
            {
                Spread(bits, length, shift, width);
            }

            Collect(bits, maps, kept, width);
        }

        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>Shifts that spread a row over so many: each doubles what is there, the last one fills up.</summary>
    private static IEnumerable<int> Spreads(int rows, int bits)
    {
        for (int done = 1; done < rows;)
        {
            int more = Math.Min(done, rows - done);
            yield return more * bits;
            done += more;
        }
    }

    /// <summary>Adds the bits, shifted upwards. From the end to the start, so that every word is read before it is changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(ulong* bits, int length, int shift, VectorWidth width)
    {
        (int words, int left) = Math.DivRem(shift, 64);
        int right = 63 - left, end = length;
        if (width == VectorWidth.Vector512)
        {
            for (; end >= Vector512<ulong>.Count; end -= Vector512<ulong>.Count)
            {
                ulong* at = bits + end - Vector512<ulong>.Count, from = at - words;
                Vector512<ulong> upper = Vector512.Load(from) << left, lower = Vector512.Load(from - 1) >>> 1 >>> right;
                (Vector512.Load(at) | upper | lower).Store(at);
            }
        }
        else if (width != VectorWidth.Scalar)
        {
            for (; end >= Vector256<ulong>.Count; end -= Vector256<ulong>.Count)
            {
                ulong* at = bits + end - Vector256<ulong>.Count, from = at - words;
                Vector256<ulong> upper = Vector256.Load(from) << left, lower = Vector256.Load(from - 1) >>> 1 >>> right;
                (Vector256.Load(at) | upper | lower).Store(at);
            }
        }

        for (int i = end - 1; i >= 0; i--)
        {
            bits[i] |= (bits[i - words] << left) | (bits[i - words - 1] >> 1 >> right);
        }
    }

    /// <summary>The bits of the maps themselves, turned into those that are kept, one map behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(ulong* bits, int maps, ulong* kept, VectorWidth width)
    {
        ulong carry = 0;
        int filled = 0; // bits of the carry, which is 0 where there are none
        for (int map = 0; map < maps; map++)
        {
            for (int plane = 0; plane < _planes; plane++)
            {
                int at = _before + (plane * _planeBits), shift = at & 63;
                ulong* source = bits + ((long)map * _words) + (at >> 6);
                int left = _planeCells;
                if (filled == 0 && width >= VectorWidth.Vector256)
                {
                    for (; left >= 256; left -= 256, source += 4, kept += 4)
                    {
                        Vector256<ulong> upper = Vector256.Load(source + 1) << 1 << (63 - shift);
                        (~((Vector256.Load(source) >>> shift) | upper)).Store(kept);
                    }
                }

                for (; left >= 64; left -= 64, source++)
                {
                    ulong word = ~((source[0] >> shift) | (source[1] << 1 << (63 - shift)));
                    *kept++ = carry | (word << filled);
                    carry = word >> 1 >> (63 - filled);
                }

                if (left > 0)
                {
                    ulong word = ~((source[0] >> shift) | (source[1] << 1 << (63 - shift))) & (ulong.MaxValue >> (64 - left));
                    carry |= word << filled;
                    if (filled + left >= 64)
                    {
                        *kept++ = carry;
                        carry = word >> 1 >> (63 - filled);
                    }

                    filled = (filled + left) & 63;
                }
            }
        }

        *kept = carry;
    }

    private readonly struct Target(ulong* bits, uint* runs, int words) : ISeedTarget
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Place(int map, int cell, ulong isSeed)
        {
            uint run = runs[cell];
            ulong row = isSeed & (ulong.MaxValue >> (int)(64 - (run & 127)));
            ulong* word = bits + ((long)map * words) + (run >> 13);
            int shift = (int)(run >> 7 & 63);
            word[0] |= row << shift;
            word[1] |= row >> 1 >> (63 - shift);
        }
    }
}
