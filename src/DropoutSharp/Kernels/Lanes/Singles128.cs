using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Four floats in a 128-bit register.</summary>
internal readonly unsafe struct Singles128 : ISingles<Singles128>
{
    private readonly Vector128<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Singles128(Vector128<float> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static Singles128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    private static Vector128<uint> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(1U, 2, 4, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Broadcast(Coefficient value) => new(Vector128.Create(value.Single));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 BroadcastBits(uint value) => new(Vector128.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Repeat(float* source) => new(Vector128.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Singles128 a, float* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Singles128 a, float* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 LoadHalves(ushort* source) =>
        new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Singles128 a, ushort* destination)
    {
        Vector128<uint> bits = a._lanes.AsUInt32();
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(bits, bits).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Singles128 Even, Singles128 Odd) LoadPairs(uint* source)
    {
        Vector128<ulong> first = Vector128.Load((ulong*)source), second = Vector128.Load((ulong*)source + 2);
        return (
            new(Vector128.Narrow(first, second).AsSingle()),
            new(Vector128.Narrow(first >>> 32, second >>> 32).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Singles128 even, Singles128 odd, float* destination)
    {
        (Vector128<ulong> evenLower, Vector128<ulong> evenUpper) = Vector128.Widen(even._lanes.AsUInt32());
        (Vector128<ulong> oddLower, Vector128<ulong> oddUpper) = Vector128.Widen(odd._lanes.AsUInt32());
        (evenLower | (oddLower << 32)).Store((ulong*)destination);
        (evenUpper | (oddUpper << 32)).Store((ulong*)destination + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator +(Singles128 a, Singles128 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator -(Singles128 a, Singles128 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator *(Singles128 a, Singles128 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator /(Singles128 a, Singles128 b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 MultiplyAdd(Singles128 a, Singles128 b, Singles128 c) => new(Vector128.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator &(Singles128 a, Singles128 b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator |(Singles128 a, Singles128 b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator ^(Singles128 a, Singles128 b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator <<(Singles128 a, int count) => new((a._lanes.AsUInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 operator >>>(Singles128 a, int count) => new((a._lanes.AsUInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 AddBits(Singles128 a, Singles128 b) => new((a._lanes.AsUInt32() + b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 SubtractBits(Singles128 a, Singles128 b) => new((a._lanes.AsUInt32() - b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 LessBits(Singles128 a, Singles128 b) => new(Vector128.LessThan(a._lanes.AsInt32(), b._lanes.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Less(Singles128 a, Singles128 b) => new(Vector128.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Sqrt(Singles128 a) => new(Vector128.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 FromIntegers(Singles128 a) => new(Vector128.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 SelectKept(uint* kept, int part, Singles128 whenKept, Singles128 whenDropped)
    {
        Vector128<uint> bit = BitOfLane << (4 * part);
        return new(Vector128.ConditionalSelect(
            Vector128.Equals(Vector128.Create(*kept) & bit, bit).AsSingle(), whenKept._lanes, whenDropped._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 MultiplyKept(uint* kept, int part, Singles128 a, Singles128 b)
    {
        Vector128<uint> bit = BitOfLane << (4 * part);
        return new(Vector128.ConditionalSelect(
            Vector128.Equals(Vector128.Create(*kept) & bit, bit).AsSingle(), a._lanes * b._lanes, Vector128<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Singles128 mask) => mask._lanes.AsUInt32() != Vector128<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles128 Select(Singles128 mask, Singles128 a, Singles128 b) => new(Vector128.ConditionalSelect(mask._lanes, a._lanes, b._lanes));
}
