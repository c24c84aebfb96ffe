namespace DropoutSharp.Tests.Kernels;

public sealed class ElementaryTests
{
    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUnitsOfTheDoubleOne()
    {
        for (float x = -87; x <= 88; x += 0.00371f)
        {
            AssertWithinTwoUnits(Math.Exp(x), Scalar(x, isLogarithm: false));
        }
    }

    [Fact]
    public void Log_OverEveryScale_IsWithinTwoUnitsOfTheDoubleOne()
    {
        for (uint bits = 0x00800000; bits < 0x7F800000; bits += 20_011)
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            AssertWithinTwoUnits(Math.Log(x), Scalar(x, isLogarithm: true));
        }
    }

    [Fact]
    public void Exp_BeyondItsRange_IsItsValueAtTheEnd()
    {
        Assert.Equal(Scalar(88, isLogarithm: false), Scalar(float.PositiveInfinity, isLogarithm: false));
        Assert.Equal(Scalar(-87, isLogarithm: false), Scalar(float.NegativeInfinity, isLogarithm: false));
        Assert.True(float.IsNaN(Scalar(float.NaN, isLogarithm: false)));
        Assert.True(float.IsNaN(Scalar(float.NaN, isLogarithm: true)));
    }

    private static unsafe float Scalar(float x, bool isLogarithm)
    {
        SinglesScalar lane = SinglesScalar.Load(&x), result = isLogarithm ? Elementary.Log(lane) : Elementary.Exp(lane);
        float value;
        SinglesScalar.Store(result, &value);
        return value;
    }

    private static void AssertWithinTwoUnits(double expected, float actual) =>
        Assert.InRange(Math.Abs(expected - actual), 0, 2 * Math.Max((double)MathF.BitIncrement(MathF.Abs((float)expected)) - MathF.Abs((float)expected), 1e-38));
}
