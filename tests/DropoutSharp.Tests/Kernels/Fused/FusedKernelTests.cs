using System.Runtime.InteropServices;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Kernels.Fused;

/// <summary>Bias, activation, dropout and residual in one pass, against one operation after the other.</summary>
public sealed unsafe class FusedKernelTests
{
    private static readonly MaskStream Stream = new(0x123456789ABCDEF, 7, 3);

    public static TheoryData<FusedActivation> Activations => [.. Enum.GetValues<FusedActivation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationDropout_EveryLengthWidthAndBias_IsTheSameBitForBit(FusedActivation activation)
    {
        foreach (int columns in (int[])[0, 1, 3, 17, 64, 1000])
        {
            for (int length = 0; length <= 300; length += columns == 0 ? 1 : columns)
            {
                foreach (long first in (long[])[0, 5, 128, (1L << 32) - 7])
                {
                    float[] x = Numbers(length, 1), bias = Numbers(columns, 2), gradient = Numbers(length, 3);
                    float[] expected = Forward(activation, x, bias, 0.4, first, VectorWidth.Scalar), slope = Gradient(activation, gradient, x, bias, 0.4, first, VectorWidth.Scalar);
                    foreach (VectorWidth width in (VectorWidth[])[VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512])
                    {
                        AssertBits(expected, Forward(activation, x, bias, 0.4, first, width));
                        AssertBits(slope, Gradient(activation, gradient, x, bias, 0.4, first, width));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(FusedActivation.Identity)]
    [InlineData(FusedActivation.Relu)]
    public void ActivationDropout_IdentityAndRelu_AreTheSeparateOperationsBitForBit(FusedActivation activation)
    {
        const int Columns = 37, Length = 37 * 50;
        float[] x = Numbers(Length, 4), bias = Numbers(Columns, 5), sum = new float[Length], expected = new float[Length], actual = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            float z = x[i] + bias[i % Columns];
            sum[i] = activation == FusedActivation.Relu && z <= 0 ? 0 : z;
        }

        DropoutPrimitives.Dropout<float>(sum, expected, 0.3, Stream, 11);
        DropoutPrimitives.ActivationDropout(x, bias, activation, actual, 0.3, Stream, 11);
        AssertBits(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationDropout_KeepingAll_IsTheActivationAndItsDerivative(FusedActivation activation)
    {
        // From −14 to 14, beyond which the tails are below the smallest numbers that count. Errors: GELU's and SiLU's functions are within 4 units in the last place of 1 beside the rounding of z², whose
        // exponential is off by its half a unit times z²/2; together below 10⁻⁶ of the larger of 1 and |z|.
        float[] x = [.. Enumerable.Range(-1400, 2801).Select(static i => i / 100f)], ones = [.. x.Select(static _ => 1f)];
        float[] value = Forward(activation, x, [], 0, 0, VectorWidths.Best), slope = Gradient(activation, ones, x, [], 0, 0, VectorWidths.Best);
        for (int i = 0; i < x.Length; i++)
        {
            double bound = 1e-6 * Math.Max(1, Math.Abs(x[i])), step = 1e-4;
            Assert.Equal(Exact(activation, x[i]), value[i], bound);
            double difference = x[i] == 0 && activation == FusedActivation.Relu ? 0 : (Exact(activation, x[i] + step) - Exact(activation, x[i] - step)) / (2 * step);

            // The tanh form's exponent, up to 1.6·z·(1 + 0.045·z²) < 20 where the slope is not yet flat, is off by some units of 10⁻⁷ of itself; what it is multiplied with falls with its exponential.
            Assert.Equal(difference, slope[i], (activation == FusedActivation.GeluTanh ? 4e-6 : 1e-6) + 2e-8); // the second: a central difference's own error, step² times a third derivative below 6, over 6
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationDropoutGradient_MaskedElements_AreTheForwardPasss(FusedActivation activation)
    {
        float[] x = [.. Numbers(5000, 6).Select(static each => MathF.Abs(each) + 0.1f)], ones = [.. x.Select(static _ => 1f)];
        float[] value = Forward(activation, x, [], 0.5, 3, VectorWidths.Best), slope = Gradient(activation, ones, x, [], 0.5, 3, VectorWidths.Best);
        Assert.Equal(value.Select(static each => each == 0), slope.Select(static each => each == 0)); // for inputs above 0 no activation is 0, and no slope
    }

    [Fact]
    public void ActivationDropout_NaNAndInfinity_StayWhereKeptAndAreSelectedAwayWhereDropped()
    {
        foreach (float special in (float[])[float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] x = [.. Enumerable.Repeat(special, 500)], ones = [.. Enumerable.Repeat(1f, 500)];
            foreach (FusedActivation activation in Enum.GetValues<FusedActivation>())
            {
                float[] value = Forward(activation, x, [], 0.5, 0, VectorWidths.Best);
                float[] slope = Gradient(activation, ones, x, [], 0.5, 0, VectorWidths.Best);
                for (int i = 0; i < x.Length; i++)
                {
                    if (!Stream.IsKept(i, new DropRate(0.5)))
                    {
                        Assert.Equal(0u, BitConverter.SingleToUInt32Bits(value[i]));
                        Assert.Equal(0u, BitConverter.SingleToUInt32Bits(slope[i]));
                    }
                    else if (float.IsNaN(special))
                    {
                        Assert.True(float.IsNaN(value[i]));
                    }
                    else if (special > 0)
                    {
                        Assert.Equal(float.PositiveInfinity, value[i]);
                    }
                    else if (activation == FusedActivation.Relu)
                    {
                        Assert.Equal(0, value[i]);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-9)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void ReluDropoutGradient_ByTheResult_IsTheGradientByTheMask(double rate)
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 1000, 70_000])
        {
            float[] x = Numbers(length, 8), gradient = Numbers(length, 9);
            if (length > 20)
            {
                (x[3], x[7], x[11], x[12]) = (float.NaN, -float.NaN, -0f, float.NegativeInfinity);
            }

            float[] output = Forward(FusedActivation.Relu, x, [], rate, 0, VectorWidths.Best), expected = Gradient(FusedActivation.Relu, gradient, x, [], rate, 0, VectorWidths.Best);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                float[] actual = new float[length];
                fixed (float* g = gradient, y = output, to = actual)
                {
                    FusedKernels.ReluGradient(g, y, to, length, new DropRate(rate).InvertedScale, width);
                }

                Assert.Equal(expected, actual); // a gradient of −0 keeps its sign in one of them
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    public void DropoutAdd_EveryWidth_IsTheSeparateOperationsBitForBit(int columns)
    {
        foreach (double rate in (double[])[0, 1e-9, 0.5, 1])
        {
            foreach (int length in (int[])[0, 23, 230, 23 * 999])
            {
                float[] x = Numbers(length, 10), bias = Numbers(columns, 11), residual = Numbers(length, 12), biased = [.. x.Select((each, i) => columns == 0 ? each : each + bias[i % columns])], expected = new float[length];
                if (length > 20)
                {
                    biased[5] = x[5] = float.NaN;
                }

                DropoutPrimitives.Dropout<float>(biased, expected, rate, Stream, 9);
                expected = [.. expected.Zip(residual, static (a, b) => a + b)];
                foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                {
                    float[] actual = new float[length];
                    fixed (float* from = x, b = bias, r = residual, to = actual)
                    {
                        FusedKernels.Add(from, b, columns, r, to, length, rate, new DropRate(rate).InvertedScale, Stream, 9, width);
                    }

                    AssertBits(expected, actual);
                }

                DropoutPrimitives.DropoutAdd(x, bias, residual, x, rate, Stream, 9); // in the source's own memory
                AssertBits(expected, x);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationDropout_SeveralThreads_IsOneThreadsBitForBit(FusedActivation activation)
    {
        const int Length = 600_000; // more than a thread of the pool is woken for
        int threads = DropoutPrimitives.MaxDegreeOfParallelism;
        float[] x = Numbers(Length, 13), bias = Numbers(1000, 14), residual = Numbers(Length, 15);
        List<float[]> results = [];
        try
        {
            foreach (int count in (int[])[1, 4])
            {
                DropoutPrimitives.MaxDegreeOfParallelism = count;
                float[] sum = new float[Length];
                DropoutPrimitives.DropoutAdd(x, bias, residual, sum, 0.2, Stream, 1);
                float[] output = new float[Length], relu = new float[Length];
                DropoutPrimitives.ActivationDropout(x, bias, activation, output, 0.2, Stream, 1);
                DropoutPrimitives.ReluDropoutGradient(residual, output, relu, 0.2);
                float[] gradient = new float[Length];
                DropoutPrimitives.ActivationDropoutGradient(residual, x, bias, activation, gradient, 0.2, Stream, 1);
                results.AddRange([sum, output, relu, gradient]);
            }
        }
        finally
        {
            DropoutPrimitives.MaxDegreeOfParallelism = threads;
        }

        for (int i = 0; i < 4; i++)
        {
            AssertBits(results[i], results[i + 4]);
        }
    }

    [Fact]
    public void FusedOperations_WrongArguments_AreRefused()
    {
        float[] ten = new float[10], nine = new float[9];
        Assert.Contains("at least 10", Assert.Throws<ArgumentException>(() => DropoutPrimitives.ActivationDropout(ten, [], FusedActivation.Relu, nine, 0.5, Stream)).Message, StringComparison.Ordinal);
        Assert.Contains("3 columns; received 10", Assert.Throws<ArgumentException>(() => DropoutPrimitives.ActivationDropout(ten, new float[3], FusedActivation.Relu, ten, 0.5, Stream)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.ActivationDropout(ten, [], (FusedActivation)9, ten, 0.5, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.ActivationDropout(ten.AsSpan(0, 8), [], FusedActivation.Relu, ten.AsSpan(1), 0.5, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.ActivationDropoutGradient(nine, ten, [], FusedActivation.Relu, ten, 0.5, Stream));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.ReluDropoutGradient(nine, ten, ten, 0.5));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.DropoutAdd(ten, [], nine, ten, 0.5, Stream));
        Assert.Contains("apart from the residual", Assert.Throws<ArgumentException>(() => DropoutPrimitives.DropoutAdd(new float[10], [], ten, ten, 0.5, Stream)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.DropoutAdd(ten, [], new float[10], ten, 0.5, Stream, -1));
    }

    private static double Exact(FusedActivation activation, double z) => activation switch
    {
        FusedActivation.Relu => Math.Max(z, 0),
        FusedActivation.Gelu => z * Normal.Cdf(z),
        FusedActivation.GeluTanh => z * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z)))),
        FusedActivation.Silu => z / (1 + Math.Exp(-z)),
        _ => z,
    };

    private static float[] Forward(FusedActivation activation, float[] x, float[] bias, DropRate rate, long first, VectorWidth width)
    {
        float[] result = new float[x.Length];
        fixed (float* from = x, b = bias, to = result)
        {
            FusedKernels.Forward(activation, from, b, bias.Length, to, x.Length, rate, rate.InvertedScale, Stream, first, width);
        }

        return result;
    }

    private static float[] Gradient(FusedActivation activation, float[] gradient, float[] x, float[] bias, DropRate rate, long first, VectorWidth width)
    {
        float[] result = new float[x.Length];
        fixed (float* g = gradient, from = x, b = bias, to = result)
        {
            FusedKernels.Gradient(activation, g, from, b, bias.Length, to, x.Length, rate, rate.InvertedScale, Stream, first, width);
        }

        return result;
    }

    private static float[] Numbers(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 12) - 6))];
    }

    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.Cast<float, uint>(expected).SequenceEqual(MemoryMarshal.Cast<float, uint>(actual)));
}
