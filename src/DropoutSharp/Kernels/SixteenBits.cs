using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Half and BFloat16 to float, exactly, and back, to nearest with ties to even: one definition for all widths.</summary>
/// <remarks>No step meets a subnormal float, so a thread that flushes those to zero gets the same numbers.</remarks>
internal static class SixteenBits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles FromBFloat16<TSingles>(TSingles bits)
        where TSingles : struct, ISingles<TSingles> => bits << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles ToBFloat16<TSingles>(TSingles value)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles odd = (value >>> 16) & TSingles.BroadcastBits(1);
        TSingles rounded = TSingles.AddBits(TSingles.AddBits(value, odd), TSingles.BroadcastBits(0x7FFF));
        TSingles isNaN = TSingles.LessBits(TSingles.BroadcastBits(0x7F800000), value & TSingles.BroadcastBits(0x7FFFFFFF));
        return TSingles.Select(isNaN, value | TSingles.BroadcastBits(0x400000), rounded) >>> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles FromHalf<TSingles>(TSingles bits)
        where TSingles : struct, ISingles<TSingles>
    {
        const uint ExponentShift = (127 - 15) << 23;
        TSingles magnitude = bits & TSingles.BroadcastBits(0x7FFF);
        TSingles sign = (bits ^ magnitude) << 16;
        TSingles shift = TSingles.BroadcastBits(ExponentShift);
        TSingles normal = TSingles.AddBits(magnitude << 13, shift);

        // The exponent of infinity and NaN, 31, must become 255: another 112 more.
        TSingles isFinite = TSingles.LessBits(magnitude, TSingles.BroadcastBits(0x7C00));
        normal = TSingles.Select(isFinite, normal, TSingles.AddBits(normal, shift));

        // A subnormal is a count of 2⁻²⁴.
        TSingles subnormal = TSingles.FromIntegers(magnitude) * TSingles.BroadcastBits((127 - 24) << 23);
        TSingles isSubnormal = TSingles.LessBits(magnitude, TSingles.BroadcastBits(0x0400));
        return TSingles.Select(isSubnormal, subnormal, normal) | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles ToHalf<TSingles>(TSingles value)
        where TSingles : struct, ISingles<TSingles>
    {
        const uint ExponentShift = (127 - 15) << 23, SmallestNormal = (127 - 14) << 23, OneHalf = 126 << 23, Infinity = 0x7F800000;
        TSingles magnitude = value & TSingles.BroadcastBits(0x7FFFFFFF);
        TSingles sign = (value ^ magnitude) >>> 16;
        TSingles odd = (magnitude >>> 13) & TSingles.BroadcastBits(1);
        TSingles normal = TSingles.SubtractBits(TSingles.AddBits(magnitude, odd), TSingles.BroadcastBits(ExponentShift - 0x0FFF)) >>> 13;
        TSingles isLarge = TSingles.LessBits(TSingles.BroadcastBits(0x7C00), normal);
        normal = TSingles.Select(isLarge, TSingles.BroadcastBits(0x7C00), normal);

        // Added to ½, a number below 2⁻¹⁴ is rounded to a count of 2⁻²⁴, the unit of half's subnormals.
        TSingles half = TSingles.BroadcastBits(OneHalf);
        TSingles subnormal = TSingles.SubtractBits(magnitude + half, half);
        TSingles isSubnormal = TSingles.LessBits(magnitude, TSingles.BroadcastBits(SmallestNormal));
        TSingles result = TSingles.Select(isSubnormal, subnormal, normal);

        TSingles nan = ((magnitude >>> 13) & TSingles.BroadcastBits(0x03FF)) | TSingles.BroadcastBits(0x7E00);
        TSingles isNaN = TSingles.LessBits(TSingles.BroadcastBits(Infinity), magnitude);
        return TSingles.Select(isNaN, nan, result) | sign;
    }
}
