using System.Runtime.CompilerServices;
using static DropoutSharp.Elementary;

namespace DropoutSharp;

/// <summary>Standard normal numbers from pairs of words, by Box and Muller's transform.</summary>
/// <remarks>
/// The float form is within 4 units in the last place of the double one, its reference. Its parts were held against that over every fifth word:
/// the radius is off by at most 1.61·2⁻²⁴ of its size, the cosine and the sine by 1.30·2⁻²⁴, and their product rounds by 2⁻²⁴. It is the same,
/// bit for bit, in every width: additions and multiplications only, in a fixed order.
/// </remarks>
internal static unsafe class BoxMuller
{
    private const double Cell = 1 / 4294967296.0;

    /// <summary>The reference: the normal numbers of an even element and of the odd one after it.</summary>
    public static (double Even, double Odd) Pair(uint even, uint odd)
    {
        double radius = Math.Sqrt(-2 * Math.Log((even + 0.5) * Cell));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((odd + 0.5) * Cell));
        return (radius * cosine, radius * sine);
    }

    /// <summary>How many words <see cref="Transform"/> must be given so that the first <paramref name="count"/> are done.</summary>
    public static int Whole(int count) => (count + RealDriver.Batch - 1) / RealDriver.Batch * RealDriver.Batch;

    /// <summary>Turns words into normal numbers, element by element, in place.</summary>
    /// <param name="words">The words; becomes the numbers.</param>
    /// <param name="count">How many there are: a multiple of two registers.</param>
    public static void Transform<TSingles>(uint* words, int count)
        where TSingles : struct, ISingles<TSingles>
    {
        for (int i = 0; i < count; i += 2 * TSingles.Count)
        {
            uint* pairs = words + i;
            (TSingles even, TSingles odd) = TSingles.LoadPairs(pairs);
            TSingles radius = Radius(even);
            TSingles nearAxis = Direction(odd, out TSingles cosine, out TSingles sine);
            if (TSingles.Any(nearAxis))
            {
                TransformPairs(pairs, TSingles.Count, radius * cosine, radius * sine);
                continue;
            }

            TSingles.StorePairs(radius * cosine, radius * sine, (float*)pairs);
        }
    }

    /// <summary>As <see cref="Transform"/> for one register of pairs, of which some are too near an axis.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TransformPairs<TSingles>(uint* pairs, int count, TSingles even, TSingles odd)
        where TSingles : struct, ISingles<TSingles>
    {
        uint* words = stackalloc uint[2 * count];
        Unsafe.CopyBlock(words, pairs, (uint)(2 * count * sizeof(uint)));
        TSingles.StorePairs(even, odd, (float*)pairs);
        for (int i = 0; i < 2 * count; i += 2)
        {
            if (IsNearAxis(words[i + 1]))
            {
                (double cosine, double sine) = Pair(words[i], words[i + 1]);
                ((float*)pairs)[i] = (float)cosine;
                ((float*)pairs)[i + 1] = (float)sine;
            }
        }
    }

    /// <summary>√(−2 ln u) of u = (word + ½) / 2³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSingles Radius<TSingles>(TSingles word)
        where TSingles : struct, ISingles<TSingles>
    {
        const uint One = 0x3F800000, SquareRootOfHalf = 0x3F3504F3;

        // u as the float nearest to it and what that leaves: a logarithm near 0 needs both.
        TSingles upper = TSingles.FromIntegers(word >>> 16) * Number<TSingles>(1f / (1 << 16));
        TSingles lower = (TSingles.FromIntegers(word & TSingles.BroadcastBits(0xFFFF)) + Number<TSingles>(0.5f))
            * Number<TSingles>((float)Cell);
        TSingles u = upper + lower, rest = lower - (u - upper);

        // u = m·2ᵉ with m between √½ and √2; f = m − 1.
        TSingles shifted = TSingles.AddBits(u, TSingles.BroadcastBits(One - SquareRootOfHalf));
        TSingles biased = shifted >>> 23;
        TSingles m = TSingles.AddBits(shifted & TSingles.BroadcastBits(0x7FFFFF), TSingles.BroadcastBits(SquareRootOfHalf));
        TSingles e = TSingles.FromIntegers(TSingles.SubtractBits(biased, TSingles.BroadcastBits(127)));
        TSingles exact = m - Number<TSingles>(1);
        TSingles scaledRest = rest * (TSingles.SubtractBits(TSingles.BroadcastBits(254), biased) << 23);
        TSingles f = exact + scaledRest;
        TSingles lost = scaledRest - (f - exact);

        // ln(1 + f) = f − f²/2 + f³·P(f); e·ln 2 in an exact part and a small one.
        TSingles square = f * f;
        TSingles small = (square * f * LogPolynomial(f)) + (e * Number<TSingles>(-2.1219444e-4f));
        small = small + lost - (Number<TSingles>(0.5f) * square);
        TSingles large = e * Number<TSingles>(0.693359375f);
        TSingles sum = large + f;
        TSingles logarithm = sum + (f - (sum - large) + small);
        return TSingles.Sqrt(Number<TSingles>(-2) * logarithm);
    }

    /// <summary>cos 2πv and sin 2πv of v = (word + ½) / 2³².</summary>
    /// <returns>A mask of the lanes that are within 16 cells of an axis: there the reference's own rounding shows, so it must be asked.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSingles Direction<TSingles>(TSingles word, out TSingles cosine, out TSingles sine)
        where TSingles : struct, ISingles<TSingles>
    {
        // The quarter whose middle axis is nearest, and the turn from that axis, in [−1/8, 1/8), as a coarse and a fine part, both exact.
        TSingles shifted = TSingles.AddBits(word, TSingles.BroadcastBits(1U << 29));
        TSingles quarter = shifted >>> 30;
        TSingles fromEdge = shifted & TSingles.BroadcastBits((1U << 30) - 1);
        TSingles rounded = TSingles.AddBits(fromEdge, TSingles.BroadcastBits(1U << 17));
        TSingles coarse = TSingles.FromIntegers(TSingles.SubtractBits(rounded >>> 18, TSingles.BroadcastBits(1U << 11)))
            * Number<TSingles>(1f / (1 << 14));
        TSingles fine = TSingles.FromIntegers(
            TSingles.SubtractBits(rounded & TSingles.BroadcastBits((1U << 18) - 1), TSingles.BroadcastBits(1U << 17)));
        fine = (fine + Number<TSingles>(0.5f)) * Number<TSingles>((float)Cell);
        TSingles turn = coarse + fine, square = turn * turn;

        // sin 2πt = 6.25·t, of which both parts are exact, + (2π − 6.25)·t + t³·Q(t²).
        TSingles q = Number<TSingles>(41.472893f);
        q = (q * square) + Number<TSingles>(-76.698097f);
        q = (q * square) + Number<TSingles>(81.605209f);
        q = (q * square) + Number<TSingles>(-41.341702f);
        TSingles large = coarse * Number<TSingles>(6.25f), next = fine * Number<TSingles>(6.25f);
        TSingles sum = large + next;
        TSingles sin = sum + (next - (sum - large) + ((turn * Number<TSingles>(0.033185307f)) + (turn * square * q)));

        // cos 2πt = 1 − 16·t² + t²·C(t²), where 1 − 16·coarse² is exact.
        TSingles c = Number<TSingles>(59.220287f);
        c = (c * square) + Number<TSingles>(-85.443245f);
        c = (c * square) + Number<TSingles>(64.939323f);
        c = (c * square) + Number<TSingles>(-3.7392088f);
        TSingles sixteen = Number<TSingles>(16);
        TSingles cos = Number<TSingles>(1) - (coarse * coarse * sixteen) + ((square * c) - (fine * (coarse + turn) * sixteen));

        TSingles swap = TSingles.LessBits(TSingles.Zero, quarter & TSingles.BroadcastBits(1));
        TSingles sineSign = (quarter >>> 1) << 31;
        TSingles cosineSign = sineSign ^ (quarter << 31);
        cosine = TSingles.Select(swap, sin, cos) ^ cosineSign;
        sine = TSingles.Select(swap, cos, sin) ^ sineSign;
        return TSingles.LessBits(
            TSingles.SubtractBits(fromEdge, TSingles.BroadcastBits((1U << 29) - 16)) >>> 5, TSingles.BroadcastBits(1));
    }

    private static bool IsNearAxis(uint word) => ((word + (1U << 29)) & ((1U << 30) - 1)) - ((1U << 29) - 16) < 32;
}
