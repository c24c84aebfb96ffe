using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Eight floats in a 256-bit register.</summary>
internal readonly unsafe struct Singles256 : ISingles<Singles256>
{
    private readonly Vector256<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Singles256(Vector256<float> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static Singles256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    private static Vector256<uint> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(1U, 2, 4, 8, 16, 32, 64, 128);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Broadcast(Coefficient value) => new(Vector256.Create(value.Single));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 BroadcastBits(uint value) => new(Vector256.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Repeat(float* source) => new(Vector256.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Singles256 a, float* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Singles256 a, float* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 LoadHalves(ushort* source) =>
        new(Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(Vector128.Load(source)).AsSingle()
            : Vector256.Create(Vector128.WidenLower(Vector128.Load(source)), Vector128.WidenUpper(Vector128.Load(source))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Singles256 a, ushort* destination)
    {
        Vector256<uint> bits = a._lanes.AsUInt32();
        Vector128.Narrow(bits.GetLower(), bits.GetUpper()).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Singles256 Even, Singles256 Odd) LoadPairs(uint* source)
    {
        Vector256<ulong> first = Vector256.Load((ulong*)source), second = Vector256.Load((ulong*)source + 4);
        return (
            new(Vector256.Narrow(first, second).AsSingle()),
            new(Vector256.Narrow(first >>> 32, second >>> 32).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Singles256 even, Singles256 odd, float* destination)
    {
        (Vector256<ulong> evenLower, Vector256<ulong> evenUpper) = Vector256.Widen(even._lanes.AsUInt32());
        (Vector256<ulong> oddLower, Vector256<ulong> oddUpper) = Vector256.Widen(odd._lanes.AsUInt32());
        (evenLower | (oddLower << 32)).Store((ulong*)destination);
        (evenUpper | (oddUpper << 32)).Store((ulong*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator +(Singles256 a, Singles256 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator -(Singles256 a, Singles256 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator *(Singles256 a, Singles256 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator /(Singles256 a, Singles256 b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 MultiplyAdd(Singles256 a, Singles256 b, Singles256 c) => new(Vector256.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator &(Singles256 a, Singles256 b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator |(Singles256 a, Singles256 b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator ^(Singles256 a, Singles256 b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator <<(Singles256 a, int count) => new((a._lanes.AsUInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 operator >>>(Singles256 a, int count) => new((a._lanes.AsUInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 AddBits(Singles256 a, Singles256 b) => new((a._lanes.AsUInt32() + b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 SubtractBits(Singles256 a, Singles256 b) => new((a._lanes.AsUInt32() - b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 LessBits(Singles256 a, Singles256 b) => new(Vector256.LessThan(a._lanes.AsInt32(), b._lanes.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Less(Singles256 a, Singles256 b) => new(Vector256.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Sqrt(Singles256 a) => new(Vector256.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 FromIntegers(Singles256 a) => new(Vector256.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 SelectKept(uint* kept, int part, Singles256 whenKept, Singles256 whenDropped) => new(SelectKept(kept, part, whenKept._lanes, whenDropped._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 MultiplyKept(uint* kept, int part, Singles256 a, Singles256 b) => new(SelectKept(kept, part, a._lanes * b._lanes, Vector256<float>.Zero));

    /// <summary>With AVX2 each lane's bit is moved to its sign, by which a blend chooses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> SelectKept(uint* kept, int part, Vector256<float> whenKept, Vector256<float> whenDropped)
    {
        if (Avx2.IsSupported)
        {
            Vector256<uint> toSign = Vector256.Create(31U, 30, 29, 28, 27, 26, 25, 24) - Vector256.Create((uint)(8 * part));
            return Avx.BlendVariable(whenDropped, whenKept, Avx2.ShiftLeftLogicalVariable(Vector256.Create(*kept), toSign).AsSingle());
        }

        Vector256<uint> bit = BitOfLane << (8 * part);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create(*kept) & bit, bit).AsSingle(), whenKept, whenDropped);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Singles256 mask) => mask._lanes.AsUInt32() != Vector256<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles256 Select(Singles256 mask, Singles256 a, Singles256 b) => new(Vector256.ConditionalSelect(mask._lanes, a._lanes, b._lanes));
}
