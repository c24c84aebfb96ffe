namespace DropoutSharp.Tests.Masks;

public sealed class BlockMaskTests
{
    public static TheoryData<int[], int[]> Shapes => new()
    {
        { [7], [3] }, { [50], [4] },
        { [7, 7], [7] }, { [7, 7], [2] }, { [14, 14], [7] }, { [28, 28], [8] }, { [56, 56], [7] }, { [56, 56], [1] },
        { [5, 9], [7] }, { [3, 40], [2, 9] },
        { [4, 6, 5], [3] }, { [2, 9, 9], [4] },
        { [100, 130], [7] }, { [65, 66], [8] }, { [3, 70, 90], [2, 7, 5] },
    };

    /// <summary>Small and wide maps, of one to three axes; blocks wider than a word; maps of many stretches of seeds; and where the upper half of the counters' index changes.</summary>
    public static TheoryData<int[], int[], int, long> BitShapes => new()
    {
        { [1], [1], 70, 0 }, { [7], [3], 200, 5 }, { [100], [65], 5, 0 }, { [20_000], [4], 2, 9 }, { [70_000], [3], 2, 0 },
        { [1, 1], [3], 5, 0 }, { [7, 7], [7], 300, 1 }, { [16, 16], [7], 200, 12 }, { [28, 28], [7], 75, 0 }, { [14, 14], [7], 700, 3 }, { [56, 56], [20], 6, 0 }, { [5, 9], [4, 2], 33, 0 },
        { [64, 64], [8], 5, 0 }, { [3, 130], [2, 64], 7, 0 }, { [130, 3], [9, 2], 7, 0 }, { [16, 16], [7], 9, (1L << 26) - 4 },
        { [4, 6, 5], [3], 40, 0 }, { [3, 20, 66], [2, 3, 5], 3, 2 }, { [9, 1, 7], [8, 1, 7], 20, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KeepProbabilityOf_AllCells_HasTheKeepProbabilityAsItsMean(int[] map, int[] block)
    {
        foreach (double dropRate in new[] { 1e-6, 0.05, 0.1, 0.5, 0.9, 0.999 })
        {
            var mask = new BlockMask(map, block, dropRate);
            double mean = Enumerable.Range(0, mask.Cells).Average(mask.KeepProbabilityOf);

            Assert.Equal(1 - dropRate, mean, 1e-12);
            Assert.InRange(mask.SeedProbability, double.Epsilon, dropRate * (1 + 1e-9));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Fill_ManyMaps_DropsTheShareThatWasAskedFor(int[] map, int[] block)
    {
        const int Maps = 2000;
        foreach (double dropRate in new[] { 0.1, 0.5, 0.9 })
        {
            var mask = new BlockMask(map, block, dropRate);
            var kept = new bool[mask.Cells];
            long total = 0;
            for (int i = 0; i < Maps; i++)
            {
                mask.Fill(new MaskStream(5), i, kept);
                total += kept.AsSpan().Count(true);
            }

            // The kept share of a map lies in [0, 1] and has mean 1 − r, so its variance is at most r(1 − r); maps are independent.
            double bound = 5 * Math.Sqrt(dropRate * (1 - dropRate) / Maps);
            Assert.InRange((double)total / Maps / mask.Cells, 1 - dropRate - bound, 1 - dropRate + bound);
        }
    }

    [Theory]
    [MemberData(nameof(BitShapes))]
    public unsafe void DrawBits_AnyShapeAndWidth_AreTheMasksOfFill(int[] map, int[] block, int maps, long firstMap)
    {
        MaskStream stream = new(17, 2, 5);
        foreach (double dropRate in new[] { 0, 0.1, 0.5, 0.9, 1 })
        {
            var mask = new BlockMask(map, block, dropRate);
            var kept = new bool[mask.Cells];
            var bits = new ulong[mask.Words(maps)];
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                Array.Fill(bits, 0x5555_5555_5555_5555UL);
                fixed (ulong* first = bits)
                {
                    mask.DrawBits(stream, firstMap, maps, first, width);
                }

                for (int i = 0; i < maps; i++)
                {
                    mask.Fill(stream, firstMap + i, kept);
                    for (int cell = 0; cell < kept.Length; cell++)
                    {
                        long bit = ((long)i * kept.Length) + cell;
                        Assert.Equal(kept[cell], (bits[bit / 64] >> (int)(bit % 64) & 1) != 0);
                    }
                }
            }

            long count = 0;
            for (int i = 0; i < maps; i++)
            {
                mask.Fill(stream, firstMap + i, kept);
                count += kept.AsSpan().Count(true);
            }

            Assert.Equal(count, mask.CountKept(stream, maps, firstMap));
        }
    }

    [Fact]
    public void Fill_WideMap_DropsWholeCutBlocksOnly()
    {
        // A seed in every third map: most maps that lose anything lose one block of 5×7 around a seed, cut to the map.
        var mask = new BlockMask([90, 100], [5, 7], 35.0 / 9000 / 3);
        var kept = new bool[mask.Cells];
        int whole = 0, cut = 0;
        for (int map = 0; map < 3000; map++)
        {
            mask.Fill(new MaskStream(3), map, kept);
            int[] dropped = [.. Enumerable.Range(0, mask.Cells).Where(cell => !kept[cell])];
            if (dropped.Length is 0 or > 35)
            {
                continue;
            }

            int top = dropped.Min(cell => cell / 100), bottom = dropped.Max(cell => cell / 100);
            int left = dropped.Min(cell => cell % 100), right = dropped.Max(cell => cell % 100);
            (int height, int width) = (bottom - top + 1, right - left + 1);
            if (height > 5 || width > 7)
            {
                continue; // two blocks
            }

            Assert.Equal(dropped.Length, height * width);
            Assert.True(height == 5 || top == 0 || bottom == 89);
            Assert.True(width == 7 || left == 0 || right == 99);
            whole += dropped.Length == 35 ? 1 : 0;
            cut += dropped.Length < 35 ? 1 : 0;
        }

        Assert.True(whole > 500);
        Assert.True(cut > 20);
    }

    [Theory]
    [InlineData(6, 3, 0.4)]
    [InlineData(6, 2, 0.7)]
    [InlineData(4, 9, 0.3)]
    public void Fill_SmallMap_HasTheLawOfIndependentDilatedSeeds(int cells, int block, double dropRate)
    {
        const int Maps = 100_000;
        var mask = new BlockMask([cells], [block], dropRate);
        int size = mask.BlockSize[0];
        var law = new double[1 << cells];
        for (int seeds = 0; seeds < 1 << cells; seeds++)
        {
            int kept = (1 << cells) - 1;
            for (int seed = 0; seed < cells; seed++)
            {
                for (int cell = seed - ((size - 1) / 2); (seeds >> seed & 1) == 1 && cell <= seed + (size / 2); cell++)
                {
                    kept &= cell < 0 || cell >= cells ? -1 : ~(1 << cell);
                }
            }

            int count = int.PopCount(seeds);
            law[kept] += Math.Pow(mask.SeedProbability, count) * Math.Pow(1 - mask.SeedProbability, cells - count);
        }

        var counts = new int[1 << cells];
        var map = new bool[cells];
        for (int i = 0; i < Maps; i++)
        {
            mask.Fill(new MaskStream(9, 1, 4), i, map);
            counts[map.Select((kept, cell) => kept ? 1 << cell : 0).Sum()]++;
        }

        for (int pattern = 0; pattern < counts.Length; pattern++)
        {
            // Binomial(Maps, law): five standard deviations, and five counts where the law is next to nothing.
            double bound = 5 + (5 * Math.Sqrt(Maps * law[pattern] * (1 - law[pattern])));
            Assert.InRange(counts[pattern], (Maps * law[pattern]) - bound, (Maps * law[pattern]) + bound);
            Assert.True(law[pattern] > 0 || counts[pattern] == 0);
        }
    }

    [Fact]
    public void Fill_Volume_DropsWholeCutBlocksOnly()
    {
        // With one expected seed in a hundred maps a dropped region is one block, cut to the map.
        var mask = new BlockMask([5, 6, 7], [3, 2, 4], 1e-3);
        var kept = new bool[mask.Cells];
        int blocks = 0;
        for (int map = 0; map < 30_000; map++)
        {
            mask.Fill(new MaskStream(3), map, kept);
            int[] dropped = [.. Enumerable.Range(0, mask.Cells).Where(cell => !kept[cell])];
            if (dropped.Length is 0 or > 24)
            {
                continue;
            }

            int[][] at = [.. dropped.Select(cell => new[] { cell / 42, cell / 7 % 6, cell % 7 })];
            int[] extent = [.. Enumerable.Range(0, 3).Select(axis => at.Max(c => c[axis]) - at.Min(c => c[axis]) + 1)];
            if (extent[0] <= 3 && extent[1] <= 2 && extent[2] <= 4)
            {
                Assert.Equal(dropped.Length, extent[0] * extent[1] * extent[2]);
                blocks++;
            }
        }

        Assert.True(blocks > 200);
    }

    [Fact]
    public void Fill_LargeMapOfManyStretches_DropsEvenlyAlongTheMap()
    {
        var mask = new BlockMask([300_000], [2], 0.5);
        var kept = new bool[mask.Cells];
        mask.Fill(new MaskStream(1), 0, kept);

        // Each of 100 parts has 3,000 cells; neighbours share a seed, which at most doubles a binomial's variance.
        for (int part = 0; part < 100; part++)
        {
            int count = kept.AsSpan(part * 3000, 3000).Count(true);
            double bound = 5 * Math.Sqrt(2 * 3000 * 0.25);
            Assert.InRange(count, 1500 - bound, 1500 + bound);
        }
    }

    [Fact]
    public void Fill_EndsOfTheRate_KeepAllOrNothing()
    {
        var kept = new bool[49];
        new BlockMask([7, 7], [3], 0).Fill(new MaskStream(1), 0, kept);
        Assert.DoesNotContain(false, kept);
        new BlockMask([7, 7], [3], 1).Fill(new MaskStream(1), 0, kept);
        Assert.DoesNotContain(true, kept);
        Assert.Equal(1, new BlockMask([7, 7], [3], 1).SeedProbability);
    }

    [Fact]
    public void Fill_EmptyMap_DoesNothing() => new BlockMask([0, 7], [3], 0.5).Fill(new MaskStream(1), 0, []);

    [Fact]
    public void Fill_OneMap_DoesNotDependOnTheOthers()
    {
        var mask = new BlockMask([14, 14], [5], 0.3);
        bool[] alone = new bool[196], among = new bool[196];
        mask.Fill(new MaskStream(2), 17, alone);
        for (int map = 0; map < 18; map++)
        {
            mask.Fill(new MaskStream(2), map, among);
        }

        Assert.Equal(alone, among);
    }

    [Fact]
    public void Get_SameShapeAndRate_IsSolvedOnce() =>
        Assert.Same(BlockMask.Get([11, 13], [3], 0.25), BlockMask.Get([11, 13], [3], 0.25));

    [Fact]
    public void Constructor_BadSizes_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new BlockMask([], [3], 0.1));
        Assert.Throws<ArgumentException>(() => new BlockMask([1, 2, 3, 4], [3], 0.1));
        Assert.Throws<ArgumentException>(() => new BlockMask([7, 7], [3, 3, 3], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockMask([7, 7], [0], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockMask([-1, 7], [2], 0.1));
        Assert.Throws<ArgumentException>(() => new BlockMask([7], [2], 0.1).Fill(new MaskStream(1), 0, new bool[6]));
    }
}
