namespace DropoutSharp.Tests.Masks;

/// <summary>The forms in which a stretch of a mask can be had: all say what <see cref="MaskStream.IsKept(long, DropRate)"/> says.</summary>
public sealed class MaskFillTests
{
    private static readonly MaskStream Stream = new(42, 7, 3);

    public static TheoryData<double, long, int> Stretches
    {
        get
        {
            var data = new TheoryData<double, long, int>();
            foreach (double dropRate in new[] { 0, 0.2, 0.5, 0.95, 1 })
            {
                foreach (long first in new[] { 0, 3, 8, 127, (1L << 32) - 9, (1L << 40) + 5 })
                {
                    foreach (int length in new[] { 0, 1, 7, 8, 9, 63, 64, 65, 500, 9001 })
                    {
                        data.Add(dropRate, first, length);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Stretches))]
    public void Fill_AnyStretch_SaysTheSameInEveryForm(double dropRate, long first, int length)
    {
        bool[] expected = [.. Enumerable.Range(0, length).Select(i => Stream.IsKept(first + i, dropRate))];
        var bools = new bool[length];
        var bytes = new byte[length];
        var bits = new byte[((length + 7) / 8) + 1];
        Array.Fill(bits, (byte)0xFF);
        var ints = new int[length];
        var longs = new long[length];

        Stream.FillKept(bools, dropRate, first);
        Stream.FillKept(bytes, dropRate, first);
        Stream.FillKeptBits(bits, length, dropRate, first);
        int intCount = Stream.FillKeptIndices(ints, length, dropRate, first);
        int longCount = Stream.FillKeptIndices(longs, length, dropRate, first);

        int[] indices = [.. Enumerable.Range(0, length).Where(i => expected[i])];
        Assert.Equal(expected, bools);
        Assert.Equal(expected.Select(kept => kept ? (byte)1 : (byte)0), bytes);
        Assert.Equal(expected, Enumerable.Range(0, length).Select(i => (bits[i / 8] >> i % 8 & 1) != 0));
        Assert.Equal(indices, ints[..intCount]);
        Assert.Equal(indices, longs[..longCount].Select(i => (int)i));
        Assert.Equal(indices.Length, Stream.CountKept(length, dropRate, first));
        Assert.Equal(0xFF, bits[^1]);
        for (int i = length; i < 8 * (bits.Length - 1); i++)
        {
            Assert.Equal(0, bits[i / 8] >> i % 8 & 1);
        }
    }

    [Fact]
    public void FillKeptBits_LongUnalignedStretch_GoesOnAcrossBlocks()
    {
        const int Length = 100_003;
        var bits = new byte[(Length / 8) + 1];

        Stream.FillKeptBits(bits, Length, 0.3, 13);

        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(Stream.IsKept(13 + i, 0.3), (bits[i / 8] >> i % 8 & 1) != 0);
        }
    }

    [Fact]
    public void Fill_ShortDestination_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Stream.FillKeptBits(new byte[1], 9, 0.5));
        Assert.Throws<ArgumentException>(() => Stream.FillKeptIndices(new int[9], 10, 0.5));
        Assert.Throws<ArgumentException>(() => Stream.FillKeptIndices(new long[9], 10, 0.5));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1, -1)]
    [InlineData(2, MaskStream.MaxElements - 1)]
    public void CountKept_ElementsOutOfRange_AreRefused(long length, long first) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.CountKept(length, 0.5, first));

    [Fact]
    public void FillKept_LastElements_Work()
    {
        var kept = new bool[300];

        Stream.FillKept(kept, 0.5, MaskStream.MaxElements - 300);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => Stream.IsKept(MaskStream.MaxElements - 300 + i, 0.5)), kept);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)]
    [InlineData(0.1)]
    [InlineData(0.999)]
    [InlineData(1e-3)]
    public void CountKept_ManyElements_IsBinomial(double dropRate)
    {
        const long Length = 1 << 24;
        double keep = 1 - dropRate, deviation = Math.Sqrt(Length * keep * dropRate);

        long count = new MaskStream(1234, 5, 6).CountKept(Length, dropRate);

        // Five standard deviations of the binomial law.
        Assert.InRange(count, (Length * keep) - (5 * deviation), (Length * keep) + (5 * deviation));
    }

    [Fact]
    public void FillKept_Neighbours_AreIndependent()
    {
        const int Length = 1 << 20;
        var kept = new bool[Length];
        new MaskStream(4321).FillKept(kept, 0.3);
        foreach (int lag in new[] { 1, 2, 4, 32, 128 })
        {
            long both = 0;
            for (int i = lag; i < Length; i++)
            {
                both += kept[i] && kept[i - lag] ? 1 : 0;
            }

            // The pairs overlap, so their count has variance N·p²·(1 − p²) + 2N·(p³ − p⁴): five standard deviations of it.
            double p = 0.7, mean = (Length - lag) * p * p;
            double deviation = Math.Sqrt(Length * ((p * p * (1 - (p * p))) + (2 * ((p * p * p) - (p * p * p * p)))));
            Assert.InRange(both, mean - (5 * deviation), mean + (5 * deviation));
        }
    }

    [Fact]
    public void FillKept_OtherKeyStepOrSite_IsAnotherMask()
    {
        // Two independent masks at ½ agree on half of the elements: within five standard deviations of √N / 2.
        const int Length = 1 << 16;
        bool[] mask = Mask(Stream);
        foreach (MaskStream other in new[] { Stream with { Key = 43 }, Stream with { Step = 8 }, Stream with { Site = 4 }, Stream.Derive(1) })
        {
            int agree = mask.Zip(Mask(other), (a, b) => a == b ? 1 : 0).Sum();
            Assert.InRange(agree, (Length / 2) - (5 * 128), (Length / 2) + (5 * 128));
        }

        static bool[] Mask(MaskStream stream)
        {
            var kept = new bool[Length];
            stream.FillKept(kept, 0.5);
            return kept;
        }
    }
}
