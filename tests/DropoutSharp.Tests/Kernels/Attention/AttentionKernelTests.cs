namespace DropoutSharp.Tests.Kernels.Attention;

/// <summary>Softmax and dropout of attention's scores in place, against their definition and among the widths.</summary>
public sealed unsafe class AttentionKernelTests
{
    private const float Untouched = 77;

    private static readonly MaskStream Stream = new(0x123456789ABCDEF, 7, 3);

    /// <summary>Rows, columns, those that have scores, how many the first query sees (−1 for all), and whether there is a bias.</summary>
    public static TheoryData<int, int, int, int, bool> Blocks =>
        [.. from columns in (int[])[1, 2, 7, 8, 15, 16, 17, 33, 64, 197]
            from visible in (int[])[-1, 0, 1, 20]
            from hasBias in (bool[])[false, true]
            select (5, columns, visible < 0 ? columns : Math.Max(1, columns - 3), visible, hasBias)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void SoftmaxDropout_EveryWidth_IsTheSameBitForBit(int rows, int columns, int width, int visible, bool hasBias)
    {
        foreach (long first in (long[])[0, 5, 131, (1L << 32) - 7])
        {
            foreach (double rate in (double[])[0, 0.3, 1])
            {
                Result expected = Run(rows, columns, width, visible, hasBias, first, rate, VectorWidth.Scalar);
                foreach (VectorWidth form in (VectorWidth[])[VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512])
                {
                    Result actual = Run(rows, columns, width, visible, hasBias, first, rate, form);
                    AssertBits(expected.Weights, actual.Weights);
                    AssertBits(expected.Maxima, actual.Maxima);
                    AssertBits(expected.Inverses, actual.Inverses);
                    AssertBits(expected.Dropped, actual.Dropped);
                    AssertBits(expected.Gradients, actual.Gradients);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void SoftmaxDropout_WeightsAndGradients_AreThoseOfTheDefinition(int rows, int columns, int width, int visible, bool hasBias)
    {
        const double Rate = 0.3;
        const long First = 131;
        Result result = Run(rows, columns, width, visible, hasBias, First, Rate, VectorWidths.Best);
        int stride = Stride(columns);
        float[] scores = Numbers(rows * stride, 1), gradients = Numbers(rows * stride, 2), products = Numbers(rows, 3);
        byte[] kept = new byte[rows * columns];
        Stream.FillKept(kept, Rate, First);
        for (int r = 0; r < rows; r++)
        {
            int sees = visible < 0 ? width : Math.Min(width, visible + r);
            double[] exact = [.. Enumerable.Range(0, sees).Select(c => Math.Exp(scores[(r * stride) + c] + (hasBias ? Bias(columns)[(r * columns) + c] : 0.0)))];
            double sum = exact.Sum();
            for (int c = 0; c < width; c++)
            {
                double weight = c < sees && sum > 0 ? exact[c] / sum : 0, factor = kept[(r * columns) + c] / (1 - Rate);

                // Scores are around 1: their differences, and the exponentials, are off by some units of 6·10⁻⁸.
                Assert.Equal(weight * kept[(r * columns) + c], result.Weights[(r * stride) + c] * (double)result.Inverses[r], 2e-6);
                Assert.Equal(weight * factor, result.Dropped[(r * stride) + c], 3e-6);
                Assert.Equal(weight * ((gradients[(r * stride) + c] * factor) - products[r]), result.Gradients[(r * stride) + c], 2e-5);
            }
        }
    }

    [Fact]
    public void SoftmaxDropout_RowThatSeesNothing_HasWeightsAndGradientsOf0()
    {
        foreach (VectorWidth form in Enum.GetValues<VectorWidth>())
        {
            float[] scores = [.. Enumerable.Repeat(float.NegativeInfinity, 32)], gradients = Numbers(32, 1), products = [2];
            float maximum, inverse;
            fixed (float* start = scores, upstream = gradients, row = products)
            {
                var block = new AttentionBlock { Scores = start, Stride = 32, Rows = 1, Columns = 20, Width = 20 };
                AttentionKernels.Forward(block, &maximum, &inverse, 0.5, Stream, form);
                Assert.Equal(0, inverse);
                Assert.All(scores[..20], static each => Assert.Equal(0, each));
                Array.Fill(scores, float.NegativeInfinity);
                AttentionKernels.Backward(block, upstream, &maximum, &inverse, row, 0.5, 2, Stream, form);
                Assert.All((float[])[.. scores[..20], .. gradients[..20]], static each => Assert.Equal(0, each));
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void SoftmaxDropout_ScoreThatIsNoFiniteNumber_MakesItsRowNaN(float score)
    {
        foreach (VectorWidth form in Enum.GetValues<VectorWidth>())
        {
            float[] scores = Numbers(64, 1);
            scores[3] = score;
            float* maxima = stackalloc float[2], inverses = stackalloc float[2];
            fixed (float* start = scores)
            {
                AttentionKernels.Forward(new AttentionBlock { Scores = start, Stride = 32, Rows = 2, Columns = 20, Width = 20 }, maxima, inverses, 0.5, Stream, form);
            }

            Assert.True(float.IsNaN(inverses[0]));
            Assert.True(float.IsFinite(inverses[1]));
        }
    }

    [Fact]
    public void SoftmaxDropout_BlockWithoutRoomForItsLanes_IsRefused()
    {
        Assert.Contains(
            "received 20 columns, rows 20 apart",
            Assert.Throws<ArgumentException>(() => DropoutPrimitives.SoftmaxDropout(new AttentionBlock { Stride = 20, Rows = 1, Columns = 20, Width = 20 }, null, null, 0.5, Stream)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.SoftmaxDropout(new AttentionBlock { Stride = 32, Rows = 1, Columns = 19, Width = 20 }, null, null, 0.5, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.SoftmaxDropout(new AttentionBlock { Stride = 32, Rows = 1, Columns = 20, FirstElement = -1 }, null, null, 0.5, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.MultiplyRows(null, 1, -1, 1, null, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.RowProducts(null, 1, null, 1, 1, -1, null));
    }

    [Fact]
    public void RowVectors_EveryLengthAndWidth_AreTheSameBitForBit()
    {
        const int Rows = 3, Stride = 70;
        for (int columns = 0; columns <= Stride; columns++)
        {
            float[] a = Numbers(Rows * Stride, 1), b = Numbers(Rows * Stride, 2), factors = Numbers(Rows, 3), expected = new float[Rows], product = Numbers(Rows * Stride, 1);
            fixed (float* x = a, y = b, each = factors, sums = expected, scaled = product)
            {
                AttentionKernels.Products(x, Stride, y, Stride, Rows, columns, sums, VectorWidth.Scalar);
                AttentionKernels.Multiply(scaled, Stride, Rows, columns, each, 1.5f, VectorWidth.Scalar);
                for (int r = 0; r < Rows; r++)
                {
                    double exact = Enumerable.Range(r * Stride, columns).Sum(i => (double)a[i] * b[i]);
                    Assert.Equal(exact, expected[r], 1e-4); // 70 products of numbers up to 4, each sum rounded
                }

                foreach (VectorWidth form in (VectorWidth[])[VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512])
                {
                    float[] actual = new float[Rows], multiplied = Numbers(Rows * Stride, 1);
                    fixed (float* target = actual, copy = multiplied)
                    {
                        AttentionKernels.Products(x, Stride, y, Stride, Rows, columns, target, form);
                        AttentionKernels.Multiply(copy, Stride, Rows, columns, each, 1.5f, form);
                    }

                    AssertBits(expected, actual);
                    AssertBits(product, multiplied);
                }
            }
        }
    }

    private sealed record Result(float[] Weights, float[] Maxima, float[] Inverses, float[] Dropped, float[] Gradients);

    private static int Stride(int columns) => ((columns + 15) / 16 * 16) + 16;

    private static float[] Bias(int columns)
    {
        float[] bias = Numbers(5 * columns, 4);
        for (int i = 0; i < bias.Length; i += 3)
        {
            bias[i] = float.NegativeInfinity;
        }

        return bias;
    }

    private static Result Run(int rows, int columns, int width, int visible, bool hasBias, long first, double rate, VectorWidth form)
    {
        int stride = Stride(columns);
        float[] weights = Numbers(rows * stride, 1), dropped = Numbers(rows * stride, 1), gradients = Numbers(rows * stride, 2), products = Numbers(rows, 3), maxima = new float[rows], inverses = new float[rows];
        float[] bias = hasBias ? Bias(columns) : [0];
        int padded = (width + 15) / 16 * 16;
        for (int r = 0; r < rows; r++)
        {
            Array.Fill(weights, Untouched, (r * stride) + padded, stride - padded);
        }

        fixed (float* scores = weights, again = dropped, upstream = gradients, product = products, maximum = maxima, inverse = inverses, added = bias)
        {
            AttentionBlock block = new()
            {
                Scores = scores,
                Stride = stride,
                Rows = rows,
                Columns = columns,
                Width = width,
                Visible = visible < 0 ? null : visible,
                Bias = hasBias ? added : null,
                BiasStride = columns,
                FirstElement = first,
            };
            AttentionKernels.Forward(block, maximum, inverse, rate, Stream, form);
            AttentionKernels.Backward(
                block with { Scores = again }, upstream, maximum, inverse, product, rate, new DropRate(rate).InvertedScale, Stream, form);
        }

        for (int r = 0; r < rows; r++)
        {
            Assert.All(weights[((r * stride) + padded)..((r + 1) * stride)], static each => Assert.Equal(Untouched, each));
        }

        return new Result(weights, maxima, inverses, dropped, gradients);
    }

    private static float[] Numbers(int count, uint site)
    {
        float[] numbers = new float[count];
        new MaskStream(99, 0, site).FillNormal(numbers);
        return numbers;
    }

    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
}
