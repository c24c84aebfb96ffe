using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Functions of floats that activations are made of.</summary>
/// <remarks>Polynomials in float, fitted at Chebyshev nodes; their largest relative errors are 1.5 units in the last place (exponential) and 3 (the normal tail), besides the rounding of their arguments.</remarks>
internal static class SingleMath
{
    /// <summary>A constant in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Number<TSingles>(float value)
        where TSingles : struct, ISingles<TSingles> => TSingles.BroadcastBits(BitConverter.SingleToUInt32Bits(value));

    /// <summary>The number without its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Absolute<TSingles>(TSingles a)
        where TSingles : struct, ISingles<TSingles> => a & TSingles.BroadcastBits(int.MaxValue);

    /// <summary>All ones where a number has a minus sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles IsNegative<TSingles>(TSingles a)
        where TSingles : struct, ISingles<TSingles> => TSingles.LessBits(a, TSingles.Zero);

    /// <summary>e to the power of −<paramref name="a"/>; 0 where that is below 2^−125, and for ∞ and NaN.</summary>
    /// <param name="a">Not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles ExpOfMinus<TSingles>(TSingles a)
        where TSingles : struct, ISingles<TSingles>
    {
        const float Most = 86.5f, Shift = 12582912f; // 1.5 · 2^23: adding it rounds to a whole number, which then stands in the lowest bits
        TSingles whole = TSingles.MultiplyAdd(a, Number<TSingles>(-1.44269504f), Number<TSingles>(Shift));
        TSingles n = whole - Number<TSingles>(Shift);

        // What is left of the exponent, in [−½ ln 2, ½ ln 2], with ln 2 in two parts of which the first has few bits.
        TSingles f = TSingles.MultiplyAdd(n, Number<TSingles>(2.12194440e-4f), TSingles.MultiplyAdd(n, Number<TSingles>(-0.693359375f), TSingles.Zero - a));
        TSingles p = Number<TSingles>(1.3926182e-3f);
        p = TSingles.MultiplyAdd(p, f, Number<TSingles>(8.3631776e-3f));
        p = TSingles.MultiplyAdd(p, f, Number<TSingles>(4.1666555e-2f));
        p = TSingles.MultiplyAdd(p, f, Number<TSingles>(0.16666577f));
        p = TSingles.MultiplyAdd(p, f, Number<TSingles>(0.5f));
        p = TSingles.MultiplyAdd(p * f, f, f) + Number<TSingles>(1);
        TSingles result = TSingles.AddBits(p, whole << 23);
        return TSingles.Select(TSingles.LessBits(a, Number<TSingles>(Most)), result, TSingles.Zero);
    }

    /// <summary>The standard normal distribution function Φ(z) and e^(−z²/2), which is the density but for its factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TSingles Distribution, TSingles Exponential) Normal<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles a = Absolute(z), e = ExpOfMinus(a * a * Number<TSingles>(0.5f));

        // Φ(−a) = ½·t·P(t)·e^(−a²/2) with t = 1/(1 + 0.4·a/√2).
        TSingles t = Number<TSingles>(1) / TSingles.MultiplyAdd(a, Number<TSingles>(0.28284271f), Number<TSingles>(1));
        TSingles p = Number<TSingles>(0.038508509f);
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(-0.127446435f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.0584508879f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.115858613f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.0614656868f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.200742548f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.200125255f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.226673265f));
        p = TSingles.MultiplyAdd(p, t, Number<TSingles>(0.225621707f));
        TSingles tail = p * t * e * Number<TSingles>(0.5f);
        return (TSingles.Select(IsNegative(z), tail, Number<TSingles>(1) - tail), e);
    }

    /// <summary>The logistic function 1/(1 + e^−z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Sigmoid<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles one = Number<TSingles>(1), e = ExpOfMinus(Absolute(z));
        return TSingles.Select(IsNegative(z), e, one) / (one + e);
    }
}
