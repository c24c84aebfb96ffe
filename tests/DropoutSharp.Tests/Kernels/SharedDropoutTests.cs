using CsCheck;

namespace DropoutSharp.Tests.Kernels;

public sealed class SharedDropoutTests
{
    private static readonly MaskStream Stream = new(42, 3, 7);

    [Fact]
    public void Dropout_AnyMaskShape_GivesEachElementItsMaskElementsDecision()
    {
        Gen<(int Size, bool Own)[]> dimensions = Gen.Select(Gen.OneOf(Gen.Int[1, 5], Gen.Const(33)), Gen.Bool).Array[0, 4];
        Gen.Select(dimensions, Gen.Double[0, 1], Gen.Long[0, 300]).Sample(
            (dims, rate, first) =>
            {
                var shape = new MaskShape([.. dims.Select(d => (long)d.Size)], [.. dims.Select(d => d.Own ? 0L : 1L)]);
                Check<float>(shape, rate, first);
                Check<double>(shape, rate, first);
                Check<Half>(shape, rate, first);
                Check<BFloat16>(shape, rate, first);
            },
            iter: 60);
    }

    [Theory]
    [InlineData(new long[] { 2, 3_000_000 }, new long[] { 1, 0 })] // a row longer than the longest window
    [InlineData(new long[] { 9000, 2, 40 }, new long[] { 0, 1, 0 })]
    [InlineData(new long[] { 70_000, 9 }, new long[] { 0, 1 })]
    [InlineData(new long[] { 7, 20_000, 5 }, new long[] { 1, 0, 1 })]
    public void Dropout_LargeInput_DoesNotDependOnThreads(long[] input, long[] mask)
    {
        var shape = new MaskShape(input, mask);
        float[] x = new float[shape.InputElements], y = new float[shape.InputElements];
        x.AsSpan().Fill(1);
        DropoutPrimitives.Dropout<float>(x, y, shape, 0.3, 2, Stream);
        for (long i = 0; i < x.Length; i += 1 + (x.Length / 20_000))
        {
            Assert.Equal(Stream.IsKept(shape.MaskElement(i), 0.3) ? 2f : 0f, y[i]);
        }
    }

    [Fact]
    public void Dropout_NotANumber_DoesNotSurviveADrop()
    {
        var shape = new MaskShape([64, 64], [0, 1]);
        var x = new float[64 * 64];
        x.AsSpan().Fill(float.NaN);
        DropoutPrimitives.Dropout<float>(x, x, shape, 0.5, 2, Stream);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Stream.IsKept(i / 64, 0.5) ? float.NaN : 0f, x[i]);
        }
    }

    [Fact]
    public void Dropout_MinusZeroKept_StaysMinusZero()
    {
        var shape = new MaskShape([1, 40], [0, 1]);
        var x = new float[40];
        x.AsSpan().Fill(-0f);
        DropoutPrimitives.Dropout<float>(x, x, shape, 0, 1, Stream);
        Assert.All(x, value => Assert.True(float.IsNegative(value)));
    }

    [Fact]
    public void Dropout_WrongLengths_AreRefused()
    {
        var shape = new MaskShape([4, 4], [0, 1]);
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<float>(new float[15], new float[16], shape, 0.5, 2, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<float>(new float[16], new float[15], shape, 0.5, 2, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.Dropout<int>(new int[16], new int[16], shape, 0.5, 2, Stream));
        var memory = new float[20];
        Assert.Throws<ArgumentException>(() =>
            DropoutPrimitives.Dropout<float>(memory.AsSpan(0, 16), memory.AsSpan(2, 16), shape, 0.5, 2, Stream));
    }

    [Theory]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { 1 })]
    public void AlphaDropout_UnitNormal_KeepsMeanAndVariance(long[] innerMask)
    {
        const int Rows = 2000, Columns = 500;
        var shape = new MaskShape([Rows, Columns], [0, innerMask[0]]);
        double[] x = new double[Rows * Columns], y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = new MaskStream(1).Normal(i);
        }

        DropoutPrimitives.AlphaDropout<double>(x, y, shape, 0.2, Stream);
        double mean = y.Average(), variance = y.Sum(value => (value - mean) * (value - mean)) / y.Length;

        // With a mask per element all elements are independent. With one per row the row means are: their variance is
        // at most 1/Columns + var(kept)·(b − dropped)², which is below 1, so five standard errors over the rows bound both.
        double independent = innerMask[0] == 0 ? Rows * Columns : Rows;
        Assert.InRange(mean, -5 / Math.Sqrt(independent), 5 / Math.Sqrt(independent));
        Assert.InRange(variance, 1 - (5 * Math.Sqrt(3 / independent)), 1 + (5 * Math.Sqrt(3 / independent)));
    }

    [Fact]
    public void AlphaDropout_EachElement_IsItsAffineImageOrTheConstant()
    {
        var shape = new MaskShape([3, 21], [0, 1]);
        var affine = new AlphaAffine(0.4);
        float[] x = [.. Enumerable.Range(0, 63).Select(i => (i - 30) / 7f)], y = new float[63];
        DropoutPrimitives.AlphaDropout<float>(x, y, shape, 0.4, Stream);
        for (int i = 0; i < 63; i++)
        {
            float kept = (x[i] * (float)affine.Scale) + (float)affine.Shift;
            Assert.Equal(Stream.IsKept(i / 21, 0.4) ? kept : (float)affine.Dropped, y[i]);
        }
    }

    [Fact]
    public void Select_GivenMask_AppliesItAtEveryLength()
    {
        for (int length = 0; length <= 256; length++)
        {
            bool[] kept = new bool[length];
            Stream.FillKept(kept, 0.5);
            CheckSelect<float>(kept);
            CheckSelect<double>(kept);
            CheckSelect<Half>(kept);
            CheckSelect<BFloat16>(kept);
        }
    }

    private static void CheckSelect<T>(bool[] kept)
        where T : unmanaged
    {
        T[] x = Values<T>(kept.Length), y = new T[kept.Length];
        DropoutPrimitives.Select<T>(x, kept, y, 1.25);
        for (int i = 0; i < kept.Length; i++)
        {
            Assert.Equal(kept[i] ? Scalars.Multiply(x[i], 1.25) : default, y[i]);
        }
    }

    private static void Check<T>(MaskShape shape, DropRate dropRate, long first)
        where T : unmanaged
    {
        T[] x = Values<T>((int)shape.InputElements), y = new T[x.Length];
        DropoutPrimitives.Dropout<T>(x, y, shape, dropRate, 1.7, Stream, first);
        for (int i = 0; i < x.Length; i++)
        {
            bool kept = Stream.IsKept(first + shape.MaskElement(i), dropRate);
            Assert.Equal(kept ? Scalars.Multiply(x[i], 1.7) : default, y[i]);
        }
    }

    private static T[] Values<T>(int count)
        where T : unmanaged =>
        [.. Enumerable.Range(0, count).Select(i => typeof(T) == typeof(double) ? (T)(object)((i % 50) - 20.5) : Scalars.FromFloat<T>((i % 50) - 20.5f))];
}
