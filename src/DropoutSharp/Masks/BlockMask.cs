using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DropoutSharp;

/// <summary>Masks of DropBlock: seeds fall on the cells of a map, and each drops the block of cells around it.</summary>
/// <remarks>
/// <para>A seed at position i of an axis drops the cells <c>i − ⌊(b−1)/2⌋ … i + ⌊b/2⌋</c> that lie on the map, for odd and even block sizes b
/// alike; a block larger than the map is cut to the map's size. Every cell can be a seed.</para>
/// <para>The probability γ of a seed is solved, not approximated: a cell that n seeds could cover is kept with probability <c>(1−γ)ⁿ</c>, and γ is
/// the value at which the mean of that over all cells equals <c>1 − r</c>. Cells near the border are covered by fewer seeds and kept a
/// little more often; the mean over the map is exact.</para>
/// <para>Independent seeds of probability γ are drawn as what they are, a thinned Poisson process: the number of seeds of a stretch of cells
/// from its table, then a position for each. The work grows with the number of blocks, not of cells. A map's mask takes only the draws that
/// its own index names, so any map can be computed alone.</para>
/// <para>Ghiasi, Lin and Le, "DropBlock", NeurIPS 2018, whose eq. 1 is the first-order approximation of this γ for seeds away from the border.</para>
/// </remarks>
public sealed class BlockMask
{
    private const int CacheLimit = 64;

    private static readonly ConcurrentDictionary<Key, BlockMask> Cache = new();

    private readonly int[] _map;
    private readonly int[] _block;
    private readonly SeedProcess _seeds;
    private readonly BlockBits? _bits;

    /// <summary>The masks of a map size, block size and rate.</summary>
    /// <param name="mapSize">The map's size along each axis, one to three axes, each at least 0; their product below 2³¹.</param>
    /// <param name="blockSize">The block's size along each axis, at least 1; one number for all axes, or one for each.</param>
    /// <param name="dropRate">The share of cells that is dropped on average.</param>
    /// <exception cref="ArgumentException">The number of axes is not 1 to 3, or the block's is neither 1 nor the map's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public BlockMask(ReadOnlySpan<int> mapSize, ReadOnlySpan<int> blockSize, DropRate dropRate)
    {
        Check(mapSize, blockSize);
        _map = mapSize.ToArray();
        _block = new int[mapSize.Length];
        long cells = 1;
        for (int axis = 0; axis < _map.Length; axis++)
        {
            int size = blockSize[blockSize.Length == 1 ? 0 : axis];
            _block[axis] = Math.Min(size, Math.Max(1, _map[axis]));
            cells *= _map[axis];
            ArgumentOutOfRangeException.ThrowIfGreaterThan(cells, int.MaxValue, nameof(mapSize));
        }

        Cells = (int)cells;
        DropRate = dropRate;
        Intensity = SeedIntensity.Solve(_map, _block, dropRate);
        _seeds = new SeedProcess(Cells, Intensity);
        _bits = BlockBits.Create(_map, _block, _seeds);
    }

    /// <summary>The map's size along each axis.</summary>
    public ReadOnlySpan<int> MapSize => _map;

    /// <summary>The block's size along each axis, cut to the map's.</summary>
    public ReadOnlySpan<int> BlockSize => _block;

    /// <summary>The share of cells that is dropped on average.</summary>
    public DropRate DropRate { get; }

    /// <summary>The number of cells of a map.</summary>
    public int Cells { get; }

    /// <summary>γ: the probability that a cell is a seed.</summary>
    public double SeedProbability => double.IsPositiveInfinity(Intensity) ? 1 : -ExpM1(-Intensity);

    /// <summary>−ln(1 − γ): the expected number of seeds a cell, counted with repetition.</summary>
    internal double Intensity { get; }

    /// <summary>The masks of a map size, block size and rate; those used lately are kept, because solving γ is repeated work.</summary>
    /// <inheritdoc cref="BlockMask(ReadOnlySpan{int}, ReadOnlySpan{int}, DropRate)"/>
    public static BlockMask Get(ReadOnlySpan<int> mapSize, ReadOnlySpan<int> blockSize, DropRate dropRate)
    {
        Check(mapSize, blockSize);
        var key = new Key(Pad(mapSize, -1), blockSize.Length == 1 ? (blockSize[0], 0, 0) : Pad(blockSize, 0), dropRate);
        if (Cache.TryGetValue(key, out BlockMask? mask))
        {
            return mask;
        }

        // A schedule brings a new rate every step: the cache must not grow with the length of a run.
        if (Cache.Count >= CacheLimit)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd(key, new BlockMask(mapSize, blockSize, dropRate));
    }

    /// <summary>The exact probability that a cell is kept.</summary>
    /// <param name="cell">The cell's row-major index on the map, in [0, <see cref="Cells"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cell"/> is not the map's.</exception>
    public double KeepProbabilityOf(int cell)
    {
        if ((uint)cell >= (uint)Cells)
        {
            throw new ArgumentOutOfRangeException(nameof(cell), cell, $"Cell must be in [0, {Cells}); received {cell}.");
        }

        long covering = 1;
        for (int axis = _map.Length - 1; axis >= 0; axis--)
        {
            (cell, int position) = Math.DivRem(cell, _map[axis]);
            covering *= SeedIntensity.Covering(position, _map[axis], _block[axis]);
        }

        return Intensity == 0 ? 1 : Math.Exp(-Intensity * covering);
    }

    /// <summary>The mask of one map.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="map">The map's index among all maps of the step, in [0, 2³⁶): sample × channels + channel, or the sample where channels share it.</param>
    /// <param name="kept">Filled with <see langword="true"/> for kept cells, row-major; its length is <see cref="Cells"/>.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="kept"/> is not the number of cells.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="map"/> is out of its range.</exception>
    public void Fill(MaskStream stream, long map, Span<bool> kept)
    {
        if (kept.Length != Cells)
        {
            throw new ArgumentException($"Mask must have the map's {Cells} cells; received {kept.Length}.", nameof(kept));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(map);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(map, SeedProcess.MaxMaps(Cells));
        kept.Fill(true);
        Drop(stream, map, MemoryMarshal.AsBytes(kept), 1);
    }

    /// <summary>The masks of a batch of maps, in the batch's own layout.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="layout">The samples and channels; where channels share a mask it is written once a sample, and where samples share theirs they are written once.</param>
    /// <param name="kept">Receives 1 for kept cells and 0 for dropped ones, a byte each: <c>layout.Maps · Cells</c> of them.</param>
    /// <param name="firstMap">The index, in the whole batch, of the first map; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layout is negative, or the maps do not fit into the stream.</exception>
    public unsafe void Fill(MaskStream stream, BlockLayout layout, byte* kept, long firstMap = 0)
    {
        CheckMaps(layout, firstMap);
        int channels = layout.ShareChannels ? 1 : layout.Channels, stride = layout.ChannelsLast ? channels : 1;
        long sampleBytes = (long)channels * Cells;
        ForkJoin.RunEqually(layout.MaskSamples, sampleBytes, new FillWork(this, stream, layout, channels, stride, kept, firstMap));
    }

    /// <summary>How many cells of a batch of maps are kept; a mask that channels share counts once.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="maps">The number of maps.</param>
    /// <param name="firstMap">The index, in the whole batch, of the first map; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the maps do not fit into the stream.</exception>
    public long CountKept(MaskStream stream, long maps, long firstMap = 0)
    {
        CheckMaps(new BlockLayout(maps, 1), firstMap);
        long total = 0;
        unsafe
        {
            ForkJoin.RunEqually(maps, Cells, new CountWork(this, stream, firstMap, &total));
        }

        return total;
    }

    internal void CheckMaps(BlockLayout layout, long firstMap)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layout.Samples, nameof(layout));
        ArgumentOutOfRangeException.ThrowIfNegative(layout.Channels, nameof(layout));
        ArgumentOutOfRangeException.ThrowIfNegative(firstMap);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstMap, SeedProcess.MaxMaps(Cells) - layout.Maps);
    }

    /// <summary>Sets to 0 the bytes of the cells that are dropped: cell c's byte lies at c·<paramref name="stride"/>. The others are left.</summary>
    [SkipLocalsInit]
    internal void Drop(MaskStream stream, long map, Span<byte> kept, int stride)
    {
        if (DropRate.DropsAll)
        {
            for (int cell = 0; cell < Cells; cell++)
            {
                kept[cell * stride] = 0;
            }

            return;
        }

        Span<int> seeds = stackalloc int[SeedProcess.MaxSeeds];
        for (int stretch = 0; stretch < _seeds.Stretches; stretch++)
        {
            int count = _seeds.Draw(stream, map, stretch, seeds);
            foreach (int seed in seeds[..count])
            {
                Drop(BlockOf(seed), kept, stride);
            }
        }
    }

    /// <summary>How many maps are best drawn together.</summary>
    internal int MapsAtOnce => _bits?.MapsAtOnce ?? 1;

    /// <summary>The masks of neighbouring maps, a bit a cell and 1 where it is kept, map after map without gaps from the lowest bit of the first word.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="firstMap">The index of the first map.</param>
    /// <param name="maps">How many maps there are.</param>
    /// <param name="kept">As many words as <see cref="Words"/> says.</param>
    /// <param name="width">The registers' width.</param>
    /// <param name="ahead">What is asked for from the memory meanwhile.</param>
    [SkipLocalsInit]
    internal unsafe void DrawBits(MaskStream stream, long firstMap, int maps, ulong* kept, VectorWidth width, Ahead ahead = default)
    {
        if (_bits is not null && !DropRate.DropsAll)
        {
            _bits.Draw(stream, firstMap, maps, kept, width, ahead);
            return;
        }

        new Span<ulong>(kept, Words(maps)).Fill(DropRate.DropsAll ? 0 : ulong.MaxValue);
        if (DropRate.DropsAll)
        {
            return;
        }

        Span<int> seeds = stackalloc int[SeedProcess.MaxSeeds];
        for (int map = 0; map < maps; map++)
        {
            for (int stretch = 0; stretch < _seeds.Stretches; stretch++)
            {
                int count = _seeds.Draw(stream, firstMap + map, stretch, seeds);
                foreach (int seed in seeds[..count])
                {
                    ClearBits(BlockOf(seed), kept, (long)map * Cells);
                }
            }
        }
    }

    /// <summary>How many words the bits of so many maps take, with some that a writer may touch behind them.</summary>
    internal int Words(int maps) => checked((int)((((long)maps * Cells) + 63) / 64) + (_bits?.Slack ?? 1));

    private int RowCells => _map[^1];

    private int PlaneCells => _map.Length > 1 ? _map[^1] * _map[^2] : _map[^1];

    /// <summary>The cells that a seed drops. Every map is treated as one of three axes; missing outer ones have size 1.</summary>
    private Block BlockOf(int seed)
    {
        int axes = _map.Length, last = axes - 1;
        (seed, int column) = Math.DivRem(seed, _map[last]);
        (int depth, int row) = axes < 3 ? (0, seed) : Math.DivRem(seed, _map[last - 1]);
        (int left, int width) = Span(column, last);
        (int top, int height) = axes > 1 ? Span(row, last - 1) : (0, 1);
        (int front, int deep) = axes > 2 ? Span(depth, 0) : (0, 1);
        return new Block((front * PlaneCells) + (top * RowCells) + left, width, height, deep);
    }

    private void Drop(Block block, Span<byte> kept, int stride)
    {
        for (int z = 0; z < block.Deep; z++)
        {
            for (int y = 0; y < block.Height; y++)
            {
                int first = block.First + (z * PlaneCells) + (y * RowCells);
                if (stride == 1)
                {
                    kept.Slice(first, block.Width).Clear();
                    continue;
                }

                for (int x = 0; x < block.Width; x++)
                {
                    kept[(first + x) * stride] = 0;
                }
            }
        }
    }

    private unsafe void ClearBits(Block block, ulong* bits, long first)
    {
        for (int z = 0; z < block.Deep; z++)
        {
            long row = first + block.First + ((long)z * PlaneCells);
            for (int y = 0; y < block.Height; y++, row += RowCells)
            {
                ClearBits(bits, row, block.Width);
            }
        }
    }

    private static unsafe void ClearBits(ulong* bits, long first, int count)
    {
        while (count > 0)
        {
            int from = (int)(first & 63), within = Math.Min(count, 64 - from);
            bits[first >> 6] &= ~((ulong.MaxValue >> (64 - within)) << from);
            first += within;
            count -= within;
        }
    }

    private (int Start, int Length) Span(int seed, int axis)
    {
        int start = Math.Max(0, seed - ((_block[axis] - 1) / 2));
        int end = Math.Min(_map[axis] - 1, seed + (_block[axis] / 2));
        return (start, end - start + 1);
    }

    private static void Check(ReadOnlySpan<int> mapSize, ReadOnlySpan<int> blockSize)
    {
        if (mapSize.Length is < 1 or > 3)
        {
            throw new ArgumentException($"Map must have 1 to 3 axes; received {mapSize.Length}.", nameof(mapSize));
        }

        if (blockSize.Length != 1 && blockSize.Length != mapSize.Length)
        {
            throw new ArgumentException(
                $"Block size must be one number or one for each of the map's {mapSize.Length} axes; received {blockSize.Length}.", nameof(blockSize));
        }

        foreach (int size in blockSize)
        {
            if (size < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(blockSize), size, $"Block size must be at least 1; received {size}.");
            }
        }

        foreach (int size in mapSize)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(mapSize));
        }
    }

    private static (int First, int Second, int Third) Pad(ReadOnlySpan<int> sizes, int missing) =>
        (sizes[0], sizes.Length > 1 ? sizes[1] : missing, sizes.Length > 2 ? sizes[2] : missing);

    // e^x − 1 without the cancellation that costs a small γ its digits.
    private static double ExpM1(double x) => Math.Abs(x) < 1e-5 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;

    private readonly record struct Key((int First, int Second, int Third) Map, (int First, int Second, int Third) Block, DropRate DropRate);

    /// <summary>The cells of a block: the first one's index, and how many lie along each axis.</summary>
    private readonly record struct Block(int First, int Width, int Height, int Deep);

    private readonly unsafe struct FillWork(
        BlockMask mask, MaskStream stream, BlockLayout layout, int channels, int stride, byte* kept, long firstMap) : IRangeWork
    {
        public void Invoke(long start, long end)
        {
            int cells = mask.Cells;
            long sampleBytes = (long)channels * cells;
            for (long map = start * channels; map < end * channels; map++)
            {
                (long sample, long channel) = Math.DivRem(map, channels);
                byte* first = kept + (sample * sampleBytes) + (layout.ChannelsLast ? channel : channel * cells);
                var bytes = new Span<byte>(first, cells == 0 ? 0 : checked(((cells - 1) * stride) + 1));
                for (int cell = 0; cell < bytes.Length; cell += stride)
                {
                    bytes[cell] = 1;
                }

                mask.Drop(stream, firstMap + map, bytes, stride);
            }
        }
    }

    private readonly unsafe struct CountWork(BlockMask mask, MaskStream stream, long firstMap, long* total) : IRangeWork
    {
        public void Invoke(long start, long end)
        {
            int atOnce = mask.MapsAtOnce;
            ulong[] bits = ArrayPool<ulong>.Shared.Rent(mask.Words(atOnce));
            long count = 0;
            fixed (ulong* kept = bits)
            {
                for (long map = start; map < end; map += atOnce)
                {
                    int maps = (int)Math.Min(atOnce, end - map);
                    mask.DrawBits(stream, firstMap + map, maps, kept, VectorWidths.Best);
                    long cells = (long)maps * mask.Cells;
                    for (long word = 0; word < cells / 64; word++)
                    {
                        count += BitOperations.PopCount(kept[word]);
                    }

                    count += BitOperations.PopCount(kept[cells / 64] & ((1UL << (int)(cells % 64)) - 1));
                }
            }

            ArrayPool<ulong>.Shared.Return(bits);
            Interlocked.Add(ref *total, count);
        }
    }
}
