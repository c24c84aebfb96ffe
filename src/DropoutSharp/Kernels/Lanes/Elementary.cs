using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The exponential function and the logarithm of floats, the same bits in every width.</summary>
/// <remarks>Within 2 units in the last place over the ranges given, tried against double precision; not a number stays so.</remarks>
internal static class Elementary
{
    /// <summary>eˣ for x in [−87, 88]; beyond, the value at that end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Exp<TSingles>(TSingles x)
        where TSingles : struct, ISingles<TSingles>
    {
        const float RoundToInteger = 3 << 22; // added, it leaves no fraction, and the integer in the lowest bits

        // x = n·ln 2 + r with r in [−½ ln 2, ½ ln 2]; ln 2 in a part that n multiplies exactly and the rest.
        x = Clamp(x, -87, 88);
        TSingles shifted = (x * Number<TSingles>(1.44269504f)) + Number<TSingles>(RoundToInteger);
        TSingles n = shifted - Number<TSingles>(RoundToInteger);
        TSingles r = x - (n * Number<TSingles>(0.693359375f)) - (n * Number<TSingles>(-2.1219444e-4f));

        // eʳ by its series to r⁷, whose next term is below 2⁻²⁷ of it.
        TSingles p = Number<TSingles>(1f / 5040);
        p = (p * r) + Number<TSingles>(1f / 720);
        p = (p * r) + Number<TSingles>(1f / 120);
        p = (p * r) + Number<TSingles>(1f / 24);
        p = (p * r) + Number<TSingles>(1f / 6);
        p = (p * r) + Number<TSingles>(0.5f);
        TSingles power = (r * r * p) + r + Number<TSingles>(1);
        return power * (TSingles.AddBits(shifted, TSingles.BroadcastBits(127)) << 23);
    }

    /// <summary>ln x for positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Log<TSingles>(TSingles x)
        where TSingles : struct, ISingles<TSingles>
    {
        const uint One = 0x3F800000, SquareRootOfHalf = 0x3F3504F3;

        // x = m·2ᵉ with m between √½ and √2; f = m − 1. For not a number f is none either: the last term sees to it.
        TSingles shifted = TSingles.AddBits(x, TSingles.BroadcastBits(One - SquareRootOfHalf));
        TSingles m = TSingles.AddBits(shifted & TSingles.BroadcastBits(0x7FFFFF), TSingles.BroadcastBits(SquareRootOfHalf));
        TSingles e = TSingles.FromIntegers(TSingles.SubtractBits(shifted >>> 23, TSingles.BroadcastBits(127)));
        TSingles f = m - Number<TSingles>(1) + (x - x);
        TSingles square = f * f;
        TSingles small = (square * f * LogPolynomial(f)) + (e * Number<TSingles>(-2.1219444e-4f)) - (Number<TSingles>(0.5f) * square);
        TSingles large = e * Number<TSingles>(0.693359375f), sum = large + f;
        return sum + (f - (sum - large) + small);
    }

    /// <summary>P in ln(1 + f) = f − f²/2 + f³·P(f), by the Remez exchange, for 1 + f between √½ and √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles LogPolynomial<TSingles>(TSingles f)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles p = Number<TSingles>(-0.076344989f);
        p = (p * f) + Number<TSingles>(0.12761578f);
        p = (p * f) + Number<TSingles>(-0.1316018f);
        p = (p * f) + Number<TSingles>(0.14201757f);
        p = (p * f) + Number<TSingles>(-0.16623357f);
        p = (p * f) + Number<TSingles>(0.20001227f);
        p = (p * f) + Number<TSingles>(-0.2500082f);
        return (p * f) + Number<TSingles>(0.33333331f);
    }

    /// <summary>The number, or the end of the interval that it lies beyond; not a number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Clamp<TSingles>(TSingles x, float least, float most)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles low = Number<TSingles>(least), high = Number<TSingles>(most);
        return TSingles.Select(TSingles.Less(x, low), low, TSingles.Select(TSingles.Less(high, x), high, x));
    }

    /// <summary>A number in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Number<TSingles>(float value)
        where TSingles : struct, ISingles<TSingles> => TSingles.BroadcastBits(BitConverter.SingleToUInt32Bits(value));
}
