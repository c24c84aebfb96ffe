namespace DropoutSharp.Tests.Learned;

public sealed unsafe class LogUniformDivergenceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1_000)]
    [InlineData(5_003)]
    public void Sigmoid_AnyLength_IsTheFormulaInDouble(int length)
    {
        (float[] weights, float[] noise, byte[] kept) = Some(length);
        float[] weightGradients = new float[length], noiseGradients = new float[length];

        double sum = LogUniformDivergence.Sigmoid(weights, noise, kept, weightGradients, noiseGradients);

        double expected = 0;
        for (int i = 0; i < length; i++)
        {
            (double value, double weightSlope, double noiseSlope) = SparseReference(weights[i], noise[i]);
            expected += kept[i] != 0 ? value : 0;

            // ln α, a difference of numbers up to 20, is off by two or three times 2⁻²⁰; a slope passes on at most 1.5 of that, and rounds a dozen times by 2⁻²⁴.
            AssertNear(kept[i] != 0 ? weightSlope : 0, weightGradients[i]);
            AssertNear(kept[i] != 0 ? noiseSlope : 0, noiseGradients[i]);
        }

        Assert.Equal(expected, sum, 1e-5 * Math.Max(1, length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(5_003)]
    public void Cubic_AnyLength_IsTheFormulaInDouble(int length)
    {
        (_, float[] noise, byte[] kept) = Some(length);
        float[] gradients = new float[length];

        double sum = LogUniformDivergence.Cubic(noise, kept, gradients);

        double expected = 0;
        for (int i = 0; i < length; i++)
        {
            double logAlpha = Math.Min(0, (double)noise[i]), alpha = Math.Exp(logAlpha);
            expected += kept[i] != 0 ? (-0.5 * logAlpha) - (1.16145124 * alpha) + (1.50204118 * alpha * alpha) - (0.58629921 * alpha * alpha * alpha) : 0;
            double slope = -0.5 - (1.16145124 * alpha) + (2 * 1.50204118 * alpha * alpha) - (3 * 0.58629921 * alpha * alpha * alpha);
            AssertNear(kept[i] != 0 && noise[i] <= 0 ? slope : 0, gradients[i]);
        }

        Assert.Equal(expected, sum, 1e-5 * Math.Max(1, length));
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Run_AnyWidthAndThreads_GivesTheSameBits(VectorWidth width)
    {
        const int Length = 70_001;
        (float[] weights, float[] noise, byte[] kept) = Some(Length);
        float[] w1 = new float[Length], n1 = new float[Length], w2 = new float[Length], n2 = new float[Length];
        fixed (float* theta = weights, parameter = noise, a = w1, b = n1, c = w2, d = n2)
        fixed (byte* flags = kept)
        {
            double alone = DivergenceSum.Run<SparseDivergence>(theta, parameter, flags, a, b, Length, VectorWidth.Scalar, Widths.OneThread);
            double together = DivergenceSum.Run<SparseDivergence>(theta, parameter, flags, c, d, Length, width, new Parallelism(4, 1, 1 << 12));

            Assert.Equal(alone, together);
            Assert.Equal(w1, w2);
            Assert.Equal(n1, n2);
        }
    }

    [Fact]
    public void Sigmoid_NotANumber_StaysInItsOwnGradients()
    {
        float[] weights = [1, float.NaN, 2], noise = [-3, -3, float.NaN], weightGradients = new float[3], noiseGradients = new float[3];

        double sum = LogUniformDivergence.Sigmoid(weights, noise, [1, 1, 1], weightGradients, noiseGradients);

        Assert.True(double.IsNaN(sum));
        Assert.False(float.IsNaN(weightGradients[0]) || float.IsNaN(noiseGradients[0]));
        Assert.True(float.IsNaN(weightGradients[1]) && float.IsNaN(noiseGradients[1]) && float.IsNaN(noiseGradients[2]));
        Assert.False(double.IsNaN(LogUniformDivergence.Sigmoid(weights, noise, [1, 0, 0], weightGradients, noiseGradients)));
        Assert.Equal(0, weightGradients[1]);
    }

    [Fact]
    public void Sigmoid_LengthsThatDiffer_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LogUniformDivergence.Sigmoid(new float[3], new float[2], new byte[3], new float[3], new float[3]));

        Assert.StartsWith("There must be as many log variances as weights, 3; received 2.", error.Message, StringComparison.Ordinal);
    }

    private static (float[] Weights, float[] Noise, byte[] Kept) Some(int length)
    {
        var random = new Random(7);
        float[] weights = new float[length], noise = new float[length];
        byte[] kept = new byte[length];
        for (int i = 0; i < length; i++)
        {
            // From pruned to certain: ln α on both sides of its limits, weights of zero among them.
            weights[i] = i % 11 == 0 ? 0 : (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(-4, 2));
            noise[i] = (float)(4 - (20 * random.NextDouble()));
            kept[i] = (byte)(random.Next(4) == 0 ? 0 : 1 + random.Next(2));
        }

        return (weights, noise, kept);
    }

    private static (double Value, double WeightSlope, double NoiseSlope) SparseReference(double weight, double noise)
    {
        const double K1 = 0.63576, K2 = 1.87320, K3 = 1.48695;
        double square = (weight * weight) + 1e-8, free = noise - Math.Log(square), logAlpha = Math.Clamp(free, -8, 8);
        double sigmoid = 1 / (1 + Math.Exp(-(K2 + (K3 * logAlpha))));
        double value = (K1 * (1 - sigmoid)) + (0.5 * Math.Log(1 + Math.Exp(-logAlpha)));
        double slope = Math.Abs(free) > 8 ? 0 : (-K1 * K3 * sigmoid * (1 - sigmoid)) - (0.5 / (1 + Math.Exp(logAlpha)));
        return (value, -2 * weight / square * slope, slope);
    }

    private static void AssertNear(double expected, float actual) => Assert.Equal(expected, actual, 1e-5 * Math.Max(1e-3, Math.Abs(expected)));
}
