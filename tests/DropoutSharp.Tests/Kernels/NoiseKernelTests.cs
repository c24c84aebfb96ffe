namespace DropoutSharp.Tests.Kernels;

/// <summary>What Gaussian noise keeps for each element type: at every width, length and start it is the scalar form, bit for bit.</summary>
public abstract unsafe class NoiseKernelTests<T> : ElementType<T>
    where T : unmanaged
{
    private const int Longest = 256;
    private static readonly MaskStream Stream = new(31, 4, 15);

    /// <summary>Rounds of the reference x + σ·n or x·(1 + σ·n).</summary>
    protected abstract T Add(T x, double standardDeviation, double normal);

    protected abstract T Scale(T x, double standardDeviation, double normal);

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void GaussianNoise_EveryLengthAndStart_EqualsScalar(VectorWidth width)
    {
        T[] x = Source(Longest);
        foreach (long first in new[] { 0, 1, 2, 3, 130, (1L << 34) - 101, (1L << 40) + 3 })
        {
            T[] added = new T[Longest], multiplied = new T[Longest];
            Run(x, added, 0.7, first, VectorWidth.Scalar, multiply: false);
            Run(x, multiplied, 0.7, first, VectorWidth.Scalar, multiply: true);
            for (int length = 0; length <= Longest; length++)
            {
                var destination = new T[length];
                Run(x.AsSpan(0, length), destination, 0.7, first, width, multiply: false);
                AssertSameBits(added.AsSpan(0, length), destination, $"{width}, add, first {first}, length {length}");
                Run(x.AsSpan(0, length), destination, 0.7, first, width, multiply: true);
                AssertSameBits(multiplied.AsSpan(0, length), destination, $"{width}, multiply, first {first}, length {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void GaussianNoise_GuardedMemory_TouchesNothingBeyond(VectorWidth width)
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are set through Linux's mmap.");
        for (int length = 1; length <= 140; length++)
        {
            foreach (bool atEnd in new[] { false, true })
            {
                using var source = new GuardedMemory<T>(length, atEnd);
                using var target = new GuardedMemory<T>(length, atEnd);
                T[] x = Source(length), expected = new T[length];
                x.CopyTo(source.Span);
                Run(x, expected, 0.5, 3, VectorWidth.Scalar, multiply: true);

                Run(source.Span, target.Span, 0.5, 3, width, multiply: true);

                AssertSameBits(expected, target.Span, $"{width}, length {length}");
            }
        }
    }

    [Fact]
    public void GaussianNoise_ManyThreads_EqualsOne()
    {
        const int Length = 40_001;
        T[] x = Source(Length), one = new T[Length], many = new T[Length];
        fixed (T* source = x, target = one, target2 = many)
        {
            var noise = new AddNoise(0.25);
            RealDriver.Run(
                Stream, 7, Length, new NoiseOperation<T, AddNoise>(source, target, noise), VectorWidths.Best, Widths.OneThread);
            RealDriver.Run(
                Stream, 7, Length, new NoiseOperation<T, AddNoise>(source, target2, noise), VectorWidths.Best, new Parallelism(5, 0, 1001));
        }

        AssertSameBits(one, many, "five threads");
    }

    [Fact]
    public void GaussianNoise_InPlace_EqualsApart()
    {
        T[] x = Source(3000), apart = new T[3000];
        DropoutPrimitives.GaussianNoise<T>(x, apart, 0.3, Stream, 2);

        DropoutPrimitives.GaussianNoise<T>(x, x, 0.3, Stream, 2);

        AssertSameBits(apart, x, "in place");
    }

    [Fact]
    public void GaussianNoise_Zero_Copies()
    {
        T[] x = Source(300), noisy = new T[300], dropped = new T[300];

        DropoutPrimitives.GaussianNoise<T>(x, noisy, 0, Stream);
        DropoutPrimitives.GaussianDropout<T>(x, dropped, 0, Stream);

        AssertSameBits(x, noisy, "σ = 0");
        AssertSameBits(x, dropped, "rate 0");
    }

    [Fact]
    public void GaussianNoise_PublicForms_TakeTheStreamsNormals()
    {
        T[] x = Source(500), noisy = new T[500], dropped = new T[500];

        DropoutPrimitives.GaussianNoise<T>(x, noisy, 0.5, Stream, 11);
        DropoutPrimitives.GaussianDropout<T>(x, dropped, 0.2, Stream, 11);

        for (int i = 0; i < x.Length; i++)
        {
            // σ² = 0.2 / 0.8. The normals as the kernel has them: in float, but for double the reference's.
            double normal = typeof(T) == typeof(double) ? Stream.Normal(11 + i) : SingleNormal(11 + i);
            AssertSameBits([Add(x[i], 0.5, normal)], [noisy[i]], $"noise at {i}");
            AssertSameBits([Scale(x[i], Math.Sqrt((1 - 0.8) / 0.8), normal)], [dropped[i]], $"dropout at {i}");
        }
    }

    [Fact]
    public void GaussianNoise_PartialOverlapOrShortDestination_IsRefused()
    {
        T[] memory = new T[100];
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GaussianNoise<T>(memory.AsSpan(0, 90), memory.AsSpan(5, 90), 1, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GaussianDropout<T>(memory.AsSpan(5, 90), memory.AsSpan(0, 90), 0.1, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GaussianNoise<T>(new T[10], new T[9], 1, Stream));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void GaussianNoise_BadStandardDeviation_IsRefused(double standardDeviation) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DropoutPrimitives.GaussianNoise<T>(new T[1], new T[1], standardDeviation, Stream));

    [Fact]
    public void GaussianDropout_RateOne_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.GaussianDropout<T>(new T[1], new T[1], 1, Stream));

    private static float SingleNormal(long element)
    {
        float normal;
        RealDriver.Run(Stream, element, 1, new NormalSingles(&normal), VectorWidth.Scalar, Widths.OneThread);
        return normal;
    }

    private static void Run(ReadOnlySpan<T> x, Span<T> destination, double sigma, long first, VectorWidth width, bool multiply)
    {
        fixed (T* source = x, target = destination)
        {
            if (multiply)
            {
                RealDriver.Run(
                    Stream,
                    first,
                    x.Length,
                    new NoiseOperation<T, MultiplyByNoise>(source, target, new MultiplyByNoise(sigma)),
                    width,
                    Widths.OneThread);
            }
            else
            {
                RealDriver.Run(
                    Stream, first, x.Length, new NoiseOperation<T, AddNoise>(source, target, new AddNoise(sigma)), width, Widths.OneThread);
            }
        }
    }
}

public sealed class NoiseSingleTests : NoiseKernelTests<float>
{
    protected override float Convert(double value) => (float)value;

    protected override float Multiply(float x, double scale) => x * (float)scale;

    protected override float Add(float x, double standardDeviation, double normal) => x + ((float)standardDeviation * (float)normal);

    protected override float Scale(float x, double standardDeviation, double normal) =>
        x * (1 + ((float)standardDeviation * (float)normal));
}

public sealed class NoiseDoubleTests : NoiseKernelTests<double>
{
    protected override double Convert(double value) => value;

    protected override double Multiply(double x, double scale) => x * scale;

    protected override double Add(double x, double standardDeviation, double normal) => x + (standardDeviation * normal);

    protected override double Scale(double x, double standardDeviation, double normal) => x * (1 + (standardDeviation * normal));
}

public sealed class NoiseHalfTests : NoiseKernelTests<Half>
{
    protected override Half Convert(double value) => (Half)value;

    protected override Half Multiply(Half x, double scale) => (Half)((float)x * (float)scale);

    protected override Half Add(Half x, double standardDeviation, double normal) =>
        (Half)((float)x + ((float)standardDeviation * (float)normal));

    protected override Half Scale(Half x, double standardDeviation, double normal) =>
        (Half)((float)x * (1 + ((float)standardDeviation * (float)normal)));
}

public sealed class NoiseBFloat16Tests : NoiseKernelTests<BFloat16>
{
    protected override BFloat16 Convert(double value) => (BFloat16)(float)value;

    protected override BFloat16 Multiply(BFloat16 x, double scale) => (BFloat16)((float)x * (float)scale);

    protected override BFloat16 Add(BFloat16 x, double standardDeviation, double normal) =>
        (BFloat16)((float)x + ((float)standardDeviation * (float)normal));

    protected override BFloat16 Scale(BFloat16 x, double standardDeviation, double normal) =>
        (BFloat16)((float)x * (1 + ((float)standardDeviation * (float)normal)));
}
