namespace DropoutSharp.Tests.Kernels;

/// <summary>The vectorised conversions are .NET's own, bit for bit.</summary>
public sealed unsafe class SixteenBitsTests
{
    [Fact]
    public void FromHalf_EveryNumber_EqualsConversion()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits += 16)
        {
            ushort* halves = stackalloc ushort[16];
            for (int i = 0; i < 16; i++)
            {
                halves[i] = (ushort)(bits + i);
            }

            float* expected = stackalloc float[16];
            for (int i = 0; i < 16; i++)
            {
                expected[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
            }

            AssertFromHalf<SinglesScalar>(halves, expected);
            AssertFromHalf<Singles128>(halves, expected);
            AssertFromHalf<Singles256>(halves, expected);
            AssertFromHalf<Singles512>(halves, expected);
        }
    }

    [Fact]
    public void ToHalf_EveryRoundingCase_EqualsConversion() =>
        ForFloats((floats, halves) =>
        {
            for (int i = 0; i < 16; i++)
            {
                halves[i] = BitConverter.HalfToUInt16Bits((Half)floats[i]);
            }
        }, toHalf: true);

    [Fact]
    public void ToBFloat16_EveryRoundingCase_EqualsConversion() =>
        ForFloats((floats, halves) =>
        {
            for (int i = 0; i < 16; i++)
            {
                halves[i] = ((BFloat16)floats[i]).Bits;
            }
        }, toHalf: false);

    [Fact]
    public void BFloat16_FromFloat_RoundsToNearestEven()
    {
        // 1 + 2⁻⁸ lies half way between 1 and 1 + 2⁻⁷; 1 + 3·2⁻⁸ half way to the even one above it.
        Assert.Equal(1f, (float)(BFloat16)(1 + (1 / 256f)));
        Assert.Equal(1 + (2 / 128f), (float)(BFloat16)(1 + (3 / 256f)));
        Assert.Equal(float.PositiveInfinity, (float)(BFloat16)float.MaxValue);
        Assert.True(float.IsNaN((float)(BFloat16)float.NaN));
        Assert.Equal((ushort)0x8000, ((BFloat16)(-0f)).Bits);
    }

    private delegate void Reference(float* floats, ushort* halves);

    /// <summary>All upper halves of a float with the lower ones at, just below and just above each rounding border.</summary>
    private static void ForFloats(Reference reference, bool toHalf)
    {
        float* floats = stackalloc float[16];
        ushort* expected = stackalloc ushort[16];
        uint[] lower = [0, 1, 0x0FFF, 0x1000, 0x1001, 0x2000, 0x2FFF, 0x3000, 0x3001, 0x7FFF, 0x8000, 0x8001, 0xEFFF, 0xF000, 0xF001, 0xFFFF];
        for (uint upper = 0; upper <= ushort.MaxValue; upper++)
        {
            for (int i = 0; i < 16; i++)
            {
                floats[i] = BitConverter.UInt32BitsToSingle(upper << 16 | lower[i]);
            }

            reference(floats, expected);
            AssertTo<SinglesScalar>(floats, expected, toHalf);
            AssertTo<Singles128>(floats, expected, toHalf);
            AssertTo<Singles256>(floats, expected, toHalf);
            AssertTo<Singles512>(floats, expected, toHalf);
        }
    }

    private static void AssertTo<TSingles>(float* floats, ushort* expected, bool toHalf)
        where TSingles : struct, ISingles<TSingles>
    {
        ushort* halves = stackalloc ushort[16];
        for (int i = 0; i < 16; i += TSingles.Count)
        {
            TSingles value = TSingles.Load(floats + i);
            TSingles.StoreHalves(toHalf ? SixteenBits.ToHalf(value) : SixteenBits.ToBFloat16(value), halves + i);
        }

        for (int i = 0; i < 16; i++)
        {
            if (halves[i] != expected[i])
            {
                Assert.Fail($"{typeof(TSingles).Name}: {floats[i]:R} must be {expected[i]:X4}; received {halves[i]:X4}.");
            }
        }
    }

    private static void AssertFromHalf<TSingles>(ushort* halves, float* expected)
        where TSingles : struct, ISingles<TSingles>
    {
        float* floats = stackalloc float[16];
        for (int i = 0; i < 16; i += TSingles.Count)
        {
            TSingles.Store(SixteenBits.FromHalf(TSingles.LoadHalves(halves + i)), floats + i);
        }

        for (int i = 0; i < 16; i++)
        {
            // .NET quiets a signalling NaN here; the kernels leave that to the arithmetic that follows.
            uint quiet = float.IsNaN(floats[i]) ? 0x400000U : 0;
            if ((BitConverter.SingleToUInt32Bits(floats[i]) | quiet) != BitConverter.SingleToUInt32Bits(expected[i]))
            {
                Assert.Fail($"{typeof(TSingles).Name}: {halves[i]:X4} must be {expected[i]:R}; received {floats[i]:R}.");
            }
        }
    }
}
