namespace DropoutSharp.Tests.Kernels;

/// <summary>What dropout keeps for each element type: at every width, length and start it is the scalar definition, bit for bit.</summary>
public abstract unsafe class DropoutKernelTests<T> : ElementType<T>
    where T : unmanaged
{
    private const int Longest = 256;
    private static readonly MaskStream Stream = new(2024, 3, 1);

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Dropout_EveryLength_EqualsDefinition(VectorWidth width)
    {
        foreach ((double keep, double scale) in new[] { (0.5, 2.0), (0.8, 1 / 0.8), (0.3, 1.0), (1.0, 1.7), (0.0, 0.0) })
        {
            foreach (long first in new[] { 0, 5, 128, (1L << 32) - 100, (1L << 40) + 77 })
            {
                T[] x = Source(Longest), expected = Expected(x, keep, scale, first);
                for (int length = 0; length <= Longest; length++)
                {
                    var destination = new T[length];
                    Run(x.AsSpan(0, length), destination, keep, scale, first, width);
                    AssertSameBits(expected.AsSpan(0, length), destination, $"{width}, keep {keep}, first {first}, length {length}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Dropout_LongRun_EqualsDefinition(VectorWidth width)
    {
        const int Length = 20_000;
        T[] x = Source(Length), destination = new T[Length];

        Run(x, destination, 0.8, 1.25, 3, width);

        AssertSameBits(Expected(x, 0.8, 1.25, 3), destination, width.ToString());
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Dropout_AnyAlignment_EqualsDefinition(VectorWidth width)
    {
        const int Length = 700;
        T[] source = Source(Length + 64);
        for (int offset = 0; offset < 64; offset += 3)
        {
            T[] destination = new T[Length + 64];
            Span<T> x = source.AsSpan(offset, Length);

            Run(x, destination.AsSpan(64 - offset, Length), 0.8, 1.25, 0, width);

            AssertSameBits(Expected(x, 0.8, 1.25, 0), destination.AsSpan(64 - offset, Length), $"{width}, offset {offset}");
            Assert.All(destination[..(64 - offset)], untouched => Assert.Equal(default, untouched));
            Assert.All(destination[(64 - offset + Length)..], untouched => Assert.Equal(default, untouched));
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Dropout_InPlace_EqualsApart(VectorWidth width)
    {
        foreach (int length in new[] { 1, 130, 5000 })
        {
            T[] x = Source(length), expected = Expected(x, 0.6, 1.5, 9);

            Run(x, x, 0.6, 1.5, 9, width);

            AssertSameBits(expected, x, $"{width}, length {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Dropout_GuardedMemory_TouchesNothingBeyond(VectorWidth width)
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are set through Linux's mmap.");
        for (int length = 1; length <= Longest; length++)
        {
            foreach (bool atEnd in new[] { false, true })
            {
                using var source = new GuardedMemory<T>(length, atEnd);
                using var target = new GuardedMemory<T>(length, atEnd);
                T[] x = Source(length);
                x.CopyTo(source.Span);

                Run(source.Span, target.Span, 0.8, 1.25, 77, width);

                AssertSameBits(Expected(x, 0.8, 1.25, 77), target.Span, $"{width}, length {length}");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Dropout_ManyThreads_EqualsOne(int threads)
    {
        const int Length = 30_000;
        T[] x = Source(Length), destination = new T[Length];
        foreach (long first in new[] { 0, 1, 250 })
        {
            fixed (T* source = x, target = destination)
            {
                MaskDriver.Run(
                    Stream,
                    DropRate.FromKeepProbability(0.8).KeepThreshold,
                    first,
                    Length,
                    new SelectOperation<T, ScaleKept, OrdinaryStore>(source, target, new ScaleKept(1.25)),
                    VectorWidths.Best,
                    new Parallelism(threads, 0, 512));
            }

            AssertSameBits(Expected(x, 0.8, 1.25, first), destination, $"{threads} threads, first {first}");
        }
    }

    [Fact]
    public void Dropout_PublicForm_ScalesByTheInverse()
    {
        T[] x = Source(1000), destination = new T[1000];
        DropRate dropRate = 0.2;

        DropoutPrimitives.Dropout<T>(x, destination, dropRate, Stream, 12);

        AssertSameBits(Expected(x, dropRate.KeepProbability, dropRate.InvertedScale, 12), destination, "public form");
    }

    [Fact]
    public void Dropout_RateZero_CopiesEveryBit()
    {
        T[] x = Source(1000), destination = new T[1000];

        DropoutPrimitives.Dropout<T>(x, destination, 0, Stream);

        AssertSameBits(x, destination, "rate 0");
    }

    [Fact]
    public void Dropout_RateOne_GivesPositiveZeros()
    {
        T[] x = Source(1000), destination = Source(1000);

        DropoutPrimitives.Dropout<T>(x, destination, 1, Stream);

        AssertSameBits(new T[1000], destination, "rate 1");
    }

    [Fact]
    public void Dropout_DroppedNaNAndInfinity_BecomePositiveZero()
    {
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1 })
        {
            T[] x = Enumerable.Repeat(Convert(value), 1000).ToArray(), destination = new T[1000];

            DropoutPrimitives.Dropout<T>(x, destination, 0.5, Stream);

            for (int i = 0; i < x.Length; i++)
            {
                AssertSameBits([Stream.IsKept(i, 0.5) ? Multiply(x[i], 2) : default], [destination[i]], $"{value} at {i}");
            }
        }
    }

    [Fact]
    public void Dropout_PartialOverlap_IsRefused()
    {
        T[] memory = new T[100];
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<T>(memory.AsSpan(0, 90), memory.AsSpan(1, 90), 0.5, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<T>(memory.AsSpan(10, 90), memory.AsSpan(0, 90), 0.5, Stream));
    }

    [Fact]
    public void Dropout_SpansThatOnlyTouch_Works()
    {
        T[] memory = Source(200), expected = Expected(memory.AsSpan(0, 100), 0.5, 2, 0);

        DropoutPrimitives.Dropout<T>(memory.AsSpan(0, 100), memory.AsSpan(100, 100), 0.5, Stream);

        AssertSameBits(expected, memory.AsSpan(100, 100), "neighbours");
    }

    [Fact]
    public void Dropout_LongerDestination_LeavesTheRest()
    {
        T[] x = Source(50), destination = Source(60), before = Source(60);

        DropoutPrimitives.Dropout<T>(x, destination, 0.5, Stream);

        AssertSameBits(before.AsSpan(50), destination.AsSpan(50), "rest");
    }

    [Fact]
    public void Dropout_ShorterDestination_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<T>(new T[10], new T[9], 0.5, Stream));

    private static void Run(ReadOnlySpan<T> x, Span<T> destination, double keep, double scale, long first, VectorWidth width)
    {
        fixed (T* source = x, target = destination)
        {
            MaskDriver.Run(
                Stream,
                DropRate.FromKeepProbability(keep).KeepThreshold,
                first,
                x.Length,
                new SelectOperation<T, ScaleKept, OrdinaryStore>(source, target, new ScaleKept(scale)),
                width,
                Widths.OneThread);
        }
    }

    private T[] Expected(ReadOnlySpan<T> x, double keep, double scale, long first)
    {
        var expected = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            expected[i] = Stream.IsKept(first + i, DropRate.FromKeepProbability(keep)) ? Multiply(x[i], scale) : default;
        }

        return expected;
    }
}

public sealed class DropoutSingleTests : DropoutKernelTests<float>
{
    protected override float Convert(double value) => (float)value;

    protected override float Multiply(float x, double scale) => x * (float)scale;
}

public sealed class DropoutDoubleTests : DropoutKernelTests<double>
{
    protected override double Convert(double value) => value;

    protected override double Multiply(double x, double scale) => x * scale;
}

public sealed class DropoutHalfTests : DropoutKernelTests<Half>
{
    protected override Half Convert(double value) => (Half)value;

    protected override Half Multiply(Half x, double scale) => (Half)((float)x * (float)scale);
}

public sealed class DropoutBFloat16Tests : DropoutKernelTests<BFloat16>
{
    protected override BFloat16 Convert(double value) => (BFloat16)(float)value;

    protected override BFloat16 Multiply(BFloat16 x, double scale) => (BFloat16)((float)x * (float)scale);
}
