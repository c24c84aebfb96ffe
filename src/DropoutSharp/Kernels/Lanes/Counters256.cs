using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Four counters in a 256-bit register. A pair is a group of the mask.</summary>
internal readonly unsafe struct Counters256 : ICounters<Counters256>
{
    private readonly Vector256<ulong> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters256(Vector256<ulong> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    /// <remarks>In this order one shuffle within 128-bit halves brings the words of a pair into the mask's order.</remarks>
    public static Counters256 MaskCountersA
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(0UL, 1, 4, 5));
    }

    public static Counters256 MaskCountersB
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(2UL, 3, 6, 7));
    }

    public static Counters256 WordCounters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(0UL, 2, 1, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Broadcast(ulong value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Load(uint* source)
    {
        (Vector128<ulong> lower, Vector128<ulong> upper) = Vector128.Widen(Vector128.Load(source));
        return new(Vector256.Create(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Add(Counters256 a, Counters256 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Multiply(Counters256 a, Counters256 b) => new(
        Avx2.IsSupported
            ? Avx2.Multiply(a._lanes.AsUInt32(), b._lanes.AsUInt32())
            : (a._lanes & Vector256.Create(0xFFFFFFFFUL)) * (b._lanes & Vector256.Create(0xFFFFFFFFUL)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 High(Counters256 a) => new(a._lanes >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Xor(Counters256 a, Counters256 b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Xor(Counters256 a, Counters256 b, Counters256 c) => new(a._lanes ^ b._lanes ^ c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compare(
        in Words<Counters256> a, in Words<Counters256> b, Counters256 limit, ulong* atMost, ulong* equal)
    {
        Vector256<byte> bytes0 = LowHalves(a.Word0, b.Word0), bytes1 = LowHalves(a.Word1, b.Word1);
        Vector256<byte> bytes2 = LowHalves(a.Word2, b.Word2), bytes3 = LowHalves(a.Word3, b.Word3);
        Vector256<byte> limits = limit._lanes.AsByte();
        uint* kept = (uint*)atMost;
        kept[0] = Vector256.LessThanOrEqual(bytes0, limits).ExtractMostSignificantBits();
        kept[1] = Vector256.LessThanOrEqual(bytes1, limits).ExtractMostSignificantBits();
        kept[2] = Vector256.LessThanOrEqual(bytes2, limits).ExtractMostSignificantBits();
        kept[3] = Vector256.LessThanOrEqual(bytes3, limits).ExtractMostSignificantBits();
        if (equal != null)
        {
            equal[0] = Vector256.Equals(bytes0, limits).ExtractMostSignificantBits()
                | (ulong)Vector256.Equals(bytes1, limits).ExtractMostSignificantBits() << 32;
            equal[1] = Vector256.Equals(bytes2, limits).ExtractMostSignificantBits()
                | (ulong)Vector256.Equals(bytes3, limits).ExtractMostSignificantBits() << 32;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Counters256 a, ulong* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(in Words<Counters256> words, uint* destination)
    {
        Vector256<ulong> first = Pairs(words.Word0, words.Word1), second = Pairs(words.Word2, words.Word3);
        if (Avx2.IsSupported)
        {
            Avx2.UnpackLow(first, second).Store((ulong*)destination);
            Avx2.UnpackHigh(first, second).Store((ulong*)destination + 4);
            return;
        }

        for (int lane = 0; lane < Count; lane++)
        {
            ulong* counter = (ulong*)destination + (2 * ((lane >> 1) + ((lane & 1) << 1)));
            counter[0] = first[lane];
            counter[1] = second[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pairs(Counters256 low, Counters256 high) =>
        (low._lanes & Vector256.Create(0xFFFFFFFFUL)) | (high._lanes << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LowHalves(Counters256 a, Counters256 b) =>
        Avx.IsSupported
            ? Avx.Shuffle(a._lanes.AsSingle(), b._lanes.AsSingle(), 0b10_00_10_00).AsByte()
            : Vector256.Create(
                Vector128.Narrow(a._lanes.GetLower(), b._lanes.GetLower()),
                Vector128.Narrow(a._lanes.GetUpper(), b._lanes.GetUpper())).AsByte();
}
