using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Four counters in two 128-bit registers. A pair is a group of the mask.</summary>
internal readonly unsafe struct Counters128 : ICounters<Counters128>
{
    private readonly Vector128<ulong> _lower;
    private readonly Vector128<ulong> _upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters128(Vector128<ulong> lower, Vector128<ulong> upper)
    {
        _lower = lower;
        _upper = upper;
    }

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    /// <remarks>As for 256 bits: in this order narrowing the lower and the upper parts gives the words in the mask's order.</remarks>
    public static Counters128 MaskCountersA
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128.Create(0UL, 1), Vector128.Create(4UL, 5));
    }

    public static Counters128 MaskCountersB
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128.Create(2UL, 3), Vector128.Create(6UL, 7));
    }

    public static Counters128 WordCounters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128.Create(0UL, 1), Vector128.Create(2UL, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Broadcast(ulong value) => new(Vector128.Create(value), Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Load(uint* source)
    {
        (Vector128<ulong> lower, Vector128<ulong> upper) = Vector128.Widen(Vector128.Load(source));
        return new(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Add(Counters128 a, Counters128 b) => new(a._lower + b._lower, a._upper + b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Multiply(Counters128 a, Counters128 b)
    {
        if (Sse2.IsSupported)
        {
            return new(
                Sse2.Multiply(a._lower.AsUInt32(), b._lower.AsUInt32()), Sse2.Multiply(a._upper.AsUInt32(), b._upper.AsUInt32()));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<uint> low = AdvSimd.Arm64.UnzipEven(a._lower.AsUInt32(), a._upper.AsUInt32());
            Vector128<uint> factors = AdvSimd.Arm64.UnzipEven(b._lower.AsUInt32(), b._upper.AsUInt32());
            return new(
                AdvSimd.MultiplyWideningLower(low.GetLower(), factors.GetLower()), AdvSimd.MultiplyWideningUpper(low, factors));
        }

        Vector128<ulong> mask = Vector128.Create(0xFFFFFFFFUL);
        return new((a._lower & mask) * (b._lower & mask), (a._upper & mask) * (b._upper & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 High(Counters128 a) => new(a._lower >>> 32, a._upper >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Xor(Counters128 a, Counters128 b) => new(a._lower ^ b._lower, a._upper ^ b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Xor(Counters128 a, Counters128 b, Counters128 c) =>
        new(a._lower ^ b._lower ^ c._lower, a._upper ^ b._upper ^ c._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compare(
        in Words<Counters128> a, in Words<Counters128> b, Counters128 limit, ulong* atMost, ulong* equal)
    {
        Vector128<byte> limits = limit._lower.AsByte();
        Compare(a.Word0, b.Word0, limits, (uint*)atMost, (uint*)equal);
        Compare(a.Word1, b.Word1, limits, (uint*)atMost + 1, equal == null ? null : (uint*)equal + 1);
        Compare(a.Word2, b.Word2, limits, (uint*)atMost + 2, equal == null ? null : (uint*)equal + 2);
        Compare(a.Word3, b.Word3, limits, (uint*)atMost + 3, equal == null ? null : (uint*)equal + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Counters128 a, ulong* destination)
    {
        a._lower.Store(destination);
        a._upper.Store(destination + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(in Words<Counters128> words, uint* destination)
    {
        StoreWords(words.Word0._lower, words.Word1._lower, words.Word2._lower, words.Word3._lower, (ulong*)destination);
        StoreWords(words.Word0._upper, words.Word1._upper, words.Word2._upper, words.Word3._upper, (ulong*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWords(
        Vector128<ulong> word0, Vector128<ulong> word1, Vector128<ulong> word2, Vector128<ulong> word3, ulong* destination)
    {
        Vector128<ulong> mask = Vector128.Create(0xFFFFFFFFUL);
        Vector128<ulong> first = (word0 & mask) | (word1 << 32), second = (word2 & mask) | (word3 << 32);
        Vector128.Create(first.GetLower(), second.GetLower()).Store(destination);
        Vector128.Create(first.GetUpper(), second.GetUpper()).Store(destination + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare(Counters128 a, Counters128 b, Vector128<byte> limits, uint* atMost, uint* equal)
    {
        Vector128<byte> lower = Vector128.Narrow(a._lower, b._lower).AsByte(), upper = Vector128.Narrow(a._upper, b._upper).AsByte();
        *atMost = Vector128.LessThanOrEqual(lower, limits).ExtractMostSignificantBits()
            | Vector128.LessThanOrEqual(upper, limits).ExtractMostSignificantBits() << 16;
        if (equal != null)
        {
            *equal = Vector128.Equals(lower, limits).ExtractMostSignificantBits()
                | Vector128.Equals(upper, limits).ExtractMostSignificantBits() << 16;
        }
    }
}
