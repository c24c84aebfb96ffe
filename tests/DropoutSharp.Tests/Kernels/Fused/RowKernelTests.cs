namespace DropoutSharp.Tests.Kernels.Fused;

/// <summary>Activation and dropout with one mask for all rows, against the activation and then the mask.</summary>
public sealed unsafe class RowKernelTests
{
    private static readonly MaskStream Stream = new(0x123456789ABCDEF, 7, 3);

    public static TheoryData<FusedActivation> Activations => [.. Enum.GetValues<FusedActivation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationRowDropout_EveryWidthAndNumberOfColumns_IsTheActivationAndThenTheMask(FusedActivation activation)
    {
        const double Scale = 2.5;
        foreach (int columns in (int[])[1, 3, 7, 8, 15, 16, 17, 64, 129, 300])
        {
            foreach (long first in (long[])[0, 5, 1L << 33])
            {
                const int Rows = 5;
                float[] x = Numbers(Rows * columns, 1), gradient = Numbers(Rows * columns, 2);
                (x[0], x[^1]) = (float.NaN, float.NegativeInfinity);
                float[] all = new float[x.Length], slopes = new float[x.Length];
                fixed (float* from = x, g = gradient, to = all, slope = slopes)
                {
                    FusedKernels.Forward(activation, from, null, 0, to, x.Length, 0, Scale, Stream, 0, VectorWidth.Scalar);
                    FusedKernels.Gradient(activation, g, from, null, 0, slope, x.Length, 0, Scale, Stream, 0, VectorWidth.Scalar);
                }

                float[] expected = [.. all.Select((value, i) => IsKept(i) ? value : 0)], expectedSlopes = [.. slopes.Select((value, i) => IsKept(i) ? value : 0)];
                foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                {
                    float[] actual = new float[x.Length], actualSlopes = new float[x.Length];
                    fixed (float* from = x, g = gradient, to = actual, slope = actualSlopes)
                    {
                        RowKernels.Forward(activation, from, to, Rows, columns, 0.4, Scale, Stream, first, width);
                        RowKernels.Gradient(activation, g, from, slope, Rows, columns, 0.4, Scale, Stream, first, width);
                    }

                    AssertBits(expected, actual);
                    AssertBits(expectedSlopes, actualSlopes);
                }

                bool IsKept(int i) => Stream.IsKept(first + (i % columns), new DropRate(0.4));
            }
        }
    }

    [Fact]
    public void ActivationRowDropout_Identity_IsDropoutWithASharedMask()
    {
        const int Rows = 40, Columns = 2000; // more than one thread's work
        float[] x = Numbers(Rows * Columns, 3), expected = new float[x.Length], actual = new float[x.Length];
        DropoutPrimitives.Dropout<float>(x, expected, new MaskShape([Rows, Columns], [1, Columns]), 0.3, new DropRate(0.3).InvertedScale, Stream, 9);
        fixed (float* from = x, to = actual)
        {
            DropoutPrimitives.ActivationRowDropout(from, FusedActivation.Identity, to, Rows, Columns, 0.3, new DropRate(0.3).InvertedScale, Stream, 9);
        }

        AssertBits(expected, actual);
        fixed (float* from = x)
        {
            DropoutPrimitives.ActivationRowDropoutGradient(from, from, FusedActivation.Identity, from, Rows, Columns, 0.3, new DropRate(0.3).InvertedScale, Stream, 9); // in the source's own memory
        }

        AssertBits(expected, x);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void ActivationRowDropout_NoElements_DoesNothing(long rows, int columns) =>
        DropoutPrimitives.ActivationRowDropout(null, FusedActivation.Relu, null, rows, columns, 0.5, 2, Stream);

    [Fact]
    public void ActivationRowDropout_WrongArguments_AreRefused()
    {
        float[] ten = new float[10];
        fixed (float* x = ten)
        {
            nint address = (nint)x;
            Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.ActivationRowDropout((float*)address, FusedActivation.Relu, (float*)address, -1, 5, 0.5, 2, Stream));
            Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.ActivationRowDropout((float*)address, (FusedActivation)9, (float*)address, 2, 5, 0.5, 2, Stream));
            Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.ActivationRowDropout((float*)address, FusedActivation.Relu, (float*)address, 2, 5, 0.5, 2, Stream, -1));
            Assert.Throws<ArgumentException>(() => DropoutPrimitives.ActivationRowDropout((float*)address, FusedActivation.Relu, (float*)address + 1, 2, 4, 0.5, 2, Stream));
        }
    }

    private static float[] Numbers(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 12) - 6))];
    }

    /// <summary>The sign of a number that is none depends on the order of an instruction's operands, which is the compiler's choice.</summary>
    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(Bits), actual.Select(Bits));

    private static uint Bits(float value) => float.IsNaN(value) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(value);
}
