namespace DropoutSharp.Tests.Masks;

public sealed unsafe class RealsTests
{
    private static readonly MaskStream Stream = new(271828, 1, 8);

    public static readonly long[] Firsts = [0, 1, 2, 3, 63, 1000, (1L << 34) - 70, (1L << 34) + 1, (1L << 36) + 2, (1L << 50) - 5];

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void FillUniform_EveryLengthAndStart_EqualsUniform(VectorWidth width)
    {
        const int Longest = 200;
        double* doubles = stackalloc double[Longest];
        float* floats = stackalloc float[Longest];
        foreach (long first in Firsts)
        {
            double[] expected = [.. Enumerable.Range(0, Longest).Select(i => Stream.Uniform(first + i))];
            for (int length = 0; length <= Longest; length++)
            {
                RealDriver.Run(Stream, first, length, new UniformDoubles(doubles), width, Widths.OneThread);
                RealDriver.Run(Stream, first, length, new UniformSingles(floats), width, Widths.OneThread);
                for (int i = 0; i < length; i++)
                {
                    if (doubles[i] != expected[i] || floats[i] != Math.Min((float)expected[i], MathF.BitDecrement(1)))
                    {
                        Assert.Fail($"{width}, first {first}, length {length}: {i} is {doubles[i]:R}, {floats[i]:R}; must be {expected[i]:R}.");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void FillUniform_ExtremeWords_StayInsideTheInterval(VectorWidth width)
    {
        uint[] extremes = [0, 1, 127, 128, 129, uint.MaxValue, uint.MaxValue - 127, uint.MaxValue - 128, 1U << 31, (1U << 31) - 1];
        float* destination = stackalloc float[16];
        uint* words = stackalloc uint[RealDriver.Batch];
        extremes.CopyTo(new Span<uint>(words, RealDriver.Batch));

        Apply(width, new UniformSingles(destination), words, extremes.Length);

        for (int i = 0; i < extremes.Length; i++)
        {
            Assert.Equal(Math.Min((float)((extremes[i] + 0.5) / 4294967296.0), MathF.BitDecrement(1)), destination[i]);
            Assert.InRange(destination[i], float.Epsilon, MathF.BitDecrement(1));
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void FillNormal_Doubles_EqualNormal(VectorWidth width)
    {
        const int Longest = 150;
        double* doubles = stackalloc double[Longest];
        foreach (long first in Firsts)
        {
            double[] expected = [.. Enumerable.Range(0, Longest).Select(i => Stream.Normal(first + i))];
            for (int length = 0; length <= Longest; length += 7)
            {
                RealDriver.Run(Stream, first, length, new NormalDoubles(doubles), width, Widths.OneThread);
                Assert.True(expected.AsSpan(0, length).SequenceEqual(new ReadOnlySpan<double>(doubles, length)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void FillNormal_Floats_AreTheSameBitsAtEveryWidthAndWithinFourUlp(VectorWidth width)
    {
        const int Length = 40_000;
        float[] scalar = new float[Length], vector = new float[Length];
        foreach (long first in new[] { 0L, 12345, (1L << 34) - 20_001 })
        {
            fixed (float* target = scalar, target2 = vector)
            {
                RealDriver.Run(Stream, first, Length, new NormalSingles(target), VectorWidth.Scalar, Widths.OneThread);
                RealDriver.Run(Stream, first, Length, new NormalSingles(target2), width, Widths.OneThread);
            }

            Assert.True(scalar.AsSpan().SequenceEqual(vector));
            for (int i = 0; i < Length; i++)
            {
                AssertWithinFourUlp(Stream.Normal(first + i), vector[i]);
            }
        }
    }

    /// <summary>The words where a logarithm, a sine or a cosine is hardest: both ends, √½, the axes and the diagonals.</summary>
    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Transform_HardWords_IsWithinFourUlp(VectorWidth width)
    {
        const uint SquareRootOfHalf = 3037000500;
        var hard = new List<uint>();
        foreach (uint center in new uint[] { 0, SquareRootOfHalf, 1U << 31, 1U << 30, 3U << 30, 1U << 29, 3U << 29, 5U << 29, 7U << 29, 1U << 17 })
        {
            for (int i = -40; i < 40; i++)
            {
                hard.Add(center + (uint)i);
            }
        }

        uint* words = stackalloc uint[RealDriver.Batch];
        float* normals = stackalloc float[RealDriver.Batch];
        foreach (uint partner in new[] { 0x9E3779B9, 0U, uint.MaxValue, 3789968365 })
        {
            foreach (bool even in new[] { true, false })
            {
                for (int start = 0; start < hard.Count; start += RealDriver.Batch / 2)
                {
                    int pairs = Math.Min(RealDriver.Batch / 2, hard.Count - start);
                    for (int i = 0; i < pairs; i++)
                    {
                        words[2 * i] = even ? hard[start + i] : partner;
                        words[(2 * i) + 1] = even ? partner : hard[start + i];
                    }

                    Apply(width, new NormalSingles(normals), words, 2 * pairs);
                    for (int i = 0; i < pairs; i++)
                    {
                        uint first = even ? hard[start + i] : partner, second = even ? partner : hard[start + i];
                        (double cosine, double sine) = BoxMuller.Pair(first, second);
                        AssertWithinFourUlp(cosine, normals[2 * i]);
                        AssertWithinFourUlp(sine, normals[(2 * i) + 1]);
                    }
                }
            }
        }
    }

    [Fact]
    public void FillNormal_MillionNumbers_HaveTheMomentsOfTheNormalLaw()
    {
        const int Length = 1 << 20;
        float[] normals = new float[Length];
        new MaskStream(7).FillNormal(normals);

        double mean = normals.Average(x => (double)x);
        double variance = normals.Average(x => (double)x * x);
        double skew = normals.Average(x => (double)x * x * x);
        double fourth = normals.Average(x => (double)x * x * x * x);
        double neighbours = normals.Zip(normals.Skip(1), (a, b) => (double)a * b).Average();

        // Standard errors of the means of n, n², n³, n⁴ and of products of neighbours: √1, √2, √15, √96, √1 over √N; five of each.
        double unit = 5 / Math.Sqrt(Length);
        Assert.InRange(mean, -unit, unit);
        Assert.InRange(variance, 1 - (unit * Math.Sqrt(2)), 1 + (unit * Math.Sqrt(2)));
        Assert.InRange(skew, -unit * Math.Sqrt(15), unit * Math.Sqrt(15));
        Assert.InRange(fourth, 3 - (unit * Math.Sqrt(96)), 3 + (unit * Math.Sqrt(96)));
        Assert.InRange(neighbours, -unit, unit);
    }

    [Fact]
    public void FillUniform_PublicForms_EqualUniform()
    {
        double[] doubles = new double[99];
        float[] floats = new float[99];
        Stream.FillUniform(doubles, 5);
        Stream.FillUniform(floats, 5);

        Assert.Equal(Enumerable.Range(0, 99).Select(i => Stream.Uniform(5 + i)), doubles);
        Assert.Equal(doubles.Select(x => (float)x), floats);
    }

    [Fact]
    public void FillNormal_ElementsBeyondTheEnd_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.FillNormal(new float[2], MaskStream.MaxElements - 1));

    private static void AssertWithinFourUlp(double reference, float actual)
    {
        double ulp = MathF.BitIncrement(Math.Abs((float)reference)) - Math.Abs((float)reference);
        if (!(Math.Abs(actual - reference) <= 4 * ulp))
        {
            Assert.Fail($"{actual:R} must be within 4 ulp of {reference:R}.");
        }
    }

    private static void Apply<TOperation>(VectorWidth width, TOperation operation, uint* words, int count)
        where TOperation : struct, IRealOperation
    {
        switch (width)
        {
            case VectorWidth.Vector512: operation.Apply<Singles512, Doubles512>(words, 0, count, 0); break;
            case VectorWidth.Vector256: operation.Apply<Singles256, Doubles256>(words, 0, count, 0); break;
            case VectorWidth.Vector128: operation.Apply<Singles128, Doubles128>(words, 0, count, 0); break;
            default: operation.Apply<SinglesScalar, DoublesScalar>(words, 0, count, 0); break;
        }
    }
}
