using System.Runtime.InteropServices;

namespace DropoutSharp.Tests.Kernels;

/// <summary>What the tests of one element type need: its numbers, one by one, and their bits.</summary>
public abstract class ElementType<T>
    where T : unmanaged
{
    /// <summary>Signs, ends, subnormals, NaN and infinities among ordinary numbers: the worst a kernel can meet.</summary>
    private static readonly double[] Special =
    [
        1, -1, 0, -0.0, 1.5, -2.75, 1e-3, 65504, 65519, 65520, -65520, 1e6, 3e38, -3.4e38, 1e300, 5e-324, 1e-40, 6.1e-5, 6e-8, 2.9e-8, -3e-8,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, Math.PI, -Math.E, 1.0 / 3,
    ];

    protected abstract T Convert(double value);

    /// <summary>The product, rounded as the specification of the kernels says.</summary>
    protected abstract T Multiply(T x, double scale);

    protected T[] Source(int length)
    {
        // An odd step through the specials, so that each meets every place of a register.
        var source = new T[length];
        for (int i = 0; i < length; i++)
        {
            source[i] = i % 3 == 0 ? Convert(Special[i / 3 * 7 % Special.Length]) : Convert(((i * 37 % 101) - 50) / 8.0);
        }

        return source;
    }

    protected static void AssertSameBits(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        ReadOnlySpan<byte> expectedBytes = MemoryMarshal.AsBytes(expected), actualBytes = MemoryMarshal.AsBytes(actual);
        if (!expectedBytes.SequenceEqual(actualBytes))
        {
            int at = expectedBytes.CommonPrefixLength(actualBytes) / Marshal.SizeOf<T>();
            Assert.Fail($"{what}: element {at} must be {expected[at]}; received {actual[at]}.");
        }
    }
}
