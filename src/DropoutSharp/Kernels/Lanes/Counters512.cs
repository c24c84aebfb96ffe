using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Eight counters in a 512-bit register: a group of the mask. A pair is two groups.</summary>
internal readonly unsafe struct Counters512 : ICounters<Counters512>
{
    private readonly Vector512<ulong> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters512(Vector512<ulong> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static Counters512 MaskCountersA
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7));
    }

    public static Counters512 MaskCountersB
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512.Create(8UL, 9, 10, 11, 12, 13, 14, 15));
    }

    public static Counters512 WordCounters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Broadcast(ulong value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Load(uint* source)
    {
        (Vector256<ulong> lower, Vector256<ulong> upper) = Vector256.Widen(Vector256.Load(source));
        return new(Vector512.Create(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Add(Counters512 a, Counters512 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Multiply(Counters512 a, Counters512 b) => new(
        Avx512F.IsSupported
            ? Avx512F.Multiply(a._lanes.AsUInt32(), b._lanes.AsUInt32())
            : (a._lanes & Vector512.Create(0xFFFFFFFFUL)) * (b._lanes & Vector512.Create(0xFFFFFFFFUL)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 High(Counters512 a) => new(a._lanes >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Xor(Counters512 a, Counters512 b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Xor(Counters512 a, Counters512 b, Counters512 c) => new(
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a._lanes, b._lanes, c._lanes, 0x96) : a._lanes ^ b._lanes ^ c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compare(
        in Words<Counters512> a, in Words<Counters512> b, Counters512 limit, ulong* atMost, ulong* equal)
    {
        Vector512<byte> bytes0 = LowHalves(a.Word0, a.Word1), bytes1 = LowHalves(a.Word2, a.Word3);
        Vector512<byte> bytes2 = LowHalves(b.Word0, b.Word1), bytes3 = LowHalves(b.Word2, b.Word3);
        Vector512<byte> limits = limit._lanes.AsByte();
        atMost[0] = Vector512.LessThanOrEqual(bytes0, limits).ExtractMostSignificantBits();
        atMost[1] = Vector512.LessThanOrEqual(bytes1, limits).ExtractMostSignificantBits();
        atMost[2] = Vector512.LessThanOrEqual(bytes2, limits).ExtractMostSignificantBits();
        atMost[3] = Vector512.LessThanOrEqual(bytes3, limits).ExtractMostSignificantBits();
        if (equal != null)
        {
            equal[0] = Vector512.Equals(bytes0, limits).ExtractMostSignificantBits();
            equal[1] = Vector512.Equals(bytes1, limits).ExtractMostSignificantBits();
            equal[2] = Vector512.Equals(bytes2, limits).ExtractMostSignificantBits();
            equal[3] = Vector512.Equals(bytes3, limits).ExtractMostSignificantBits();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Counters512 a, ulong* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(in Words<Counters512> words, uint* destination)
    {
        Vector512<ulong> first = Pairs(words.Word0, words.Word1), second = Pairs(words.Word2, words.Word3);
        if (Avx512F.IsSupported)
        {
            Avx512F.UnpackLow(first, second).Store((ulong*)destination);
            Avx512F.UnpackHigh(first, second).Store((ulong*)destination + 8);
            return;
        }

        for (int lane = 0; lane < Count; lane++)
        {
            ulong* counter = (ulong*)destination + (2 * ((lane >> 1) + ((lane & 1) << 2)));
            counter[0] = first[lane];
            counter[1] = second[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Pairs(Counters512 low, Counters512 high) =>
        (low._lanes & Vector512.Create(0xFFFFFFFFUL)) | (high._lanes << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LowHalves(Counters512 a, Counters512 b) =>
        Avx512F.IsSupported
            ? Avx512F.PermuteVar16x32x2(
                a._lanes.AsUInt32(),
                Vector512.Create(0U, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
                b._lanes.AsUInt32()).AsByte()
            : Vector512.Narrow(a._lanes, b._lanes).AsByte();
}
