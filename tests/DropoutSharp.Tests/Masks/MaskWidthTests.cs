namespace DropoutSharp.Tests.Masks;

/// <summary>Every width gives the scalar reference's mask, whatever the length and wherever it begins.</summary>
public sealed class MaskWidthTests
{
    private const int Longest = 256;

    /// <summary>With and without ties, nearly all and nearly none kept, and a coarse byte of 0.</summary>
    public static readonly double[] KeepProbabilities = [0.5, 0.8, 0.1, 1 - 1e-3, 1.0 / 1024, 0, 1];

    /// <summary>The start, each place in a group that a register can split, and both sides of the borders 2³², 2³⁵, 2³⁶ and 2⁴⁰.</summary>
    public static readonly long[] Firsts =
        [0, 1, 7, 8, 31, 64, 100, 127, 128, 384, (1L << 32) - 130, (1L << 32) + 5, (1L << 35) - 60, (1L << 36) - 129, (1L << 40) - 3];

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal unsafe void FillKept_EveryLengthAndStart_EqualsReference(VectorWidth width)
    {
        byte* destination = stackalloc byte[Longest + 1];
        foreach ((MaskStream stream, long first, ulong threshold, bool[] expected) in Cases())
        {
            for (int length = 0; length <= Longest; length++)
            {
                new Span<byte>(destination, Longest + 1).Fill(0xCC);
                MaskDriver.Run(stream, threshold, first, length, new KeptBytes(destination), width, Widths.OneThread);

                for (int i = 0; i < length; i++)
                {
                    if (destination[i] != (expected[i] ? 1 : 0))
                    {
                        Assert.Fail($"{width}, threshold {threshold}, first {first}, length {length}: element {i} is {destination[i]}.");
                    }
                }

                Assert.Equal(0xCC, destination[length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal unsafe void FillKept_ManyTies_EqualsReference(VectorWidth width)
    {
        // A run this long settles its ties many times over.
        const int Length = 100_000;
        byte[] destination = new byte[Length];
        foreach (long first in new[] { 0, 77, (1L << 32) - 50_000, (1L << 36) - 50_001 })
        {
            var stream = new MaskStream(99, 1, 2);
            ulong threshold = DropRate.FromKeepProbability(0.8).KeepThreshold;
            fixed (byte* target = destination)
            {
                MaskDriver.Run(stream, threshold, first, Length, new KeptBytes(target), width, Widths.OneThread);
            }

            for (int i = 0; i < Length; i++)
            {
                if (destination[i] != (stream.IsKept(first + i, threshold) ? 1 : 0))
                {
                    Assert.Fail($"{width}, first {first}: element {i} is {destination[i]}.");
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public unsafe void FillKept_ManyThreads_EqualsOneThread(int threads)
    {
        const int Length = 50_000;
        var stream = new MaskStream(5, 6, 7);
        ulong threshold = DropRate.FromKeepProbability(0.7).KeepThreshold;
        foreach (long first in new[] { 0, 3, 128, 1000, (1L << 32) - 20_001 })
        {
            byte[] one = new byte[Length], many = new byte[Length];
            fixed (byte* target = one, target2 = many)
            {
                MaskDriver.Run(stream, threshold, first, Length, new KeptBytes(target), VectorWidths.Best, Widths.OneThread);
                MaskDriver.Run(
                    stream, threshold, first, Length, new KeptBytes(target2), VectorWidths.Best, new Parallelism(threads, 0, 1024));
            }

            Assert.Equal(one, many);
        }
    }

    private static IEnumerable<(MaskStream Stream, long First, ulong Threshold, bool[] Expected)> Cases()
    {
        var stream = new MaskStream(0x0123456789ABCDEF, 11, 12);
        foreach (double keep in KeepProbabilities)
        {
            DropRate dropRate = DropRate.FromKeepProbability(keep);
            foreach (long first in Firsts)
            {
                yield return (
                    stream,
                    first,
                    dropRate.KeepThreshold,
                    [.. Enumerable.Range(0, Longest).Select(i => stream.IsKept(first + i, dropRate))]);
            }
        }
    }
}
