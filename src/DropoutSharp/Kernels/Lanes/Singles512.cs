using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Sixteen floats in a 512-bit register.</summary>
internal readonly unsafe struct Singles512 : ISingles<Singles512>
{
    private readonly Vector512<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Singles512(Vector512<float> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    public static Singles512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    private static Vector512<uint> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1U, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Broadcast(Coefficient value) => new(Vector512.Create(value.Single));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 BroadcastBits(uint value) => new(Vector512.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Repeat(float* source) => new(Vector512.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Singles512 a, float* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Singles512 a, float* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 LoadHalves(ushort* source) =>
        new(Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(Vector256.Load(source)).AsSingle()
            : Vector512.Create(Vector256.WidenLower(Vector256.Load(source)), Vector256.WidenUpper(Vector256.Load(source))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Singles512 a, ushort* destination)
    {
        Vector512<uint> bits = a._lanes.AsUInt32();
        Vector256<ushort> halves = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(bits)
            : Vector256.Narrow(bits.GetLower(), bits.GetUpper());
        halves.Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Singles512 Even, Singles512 Odd) LoadPairs(uint* source)
    {
        Vector512<ulong> first = Vector512.Load((ulong*)source), second = Vector512.Load((ulong*)source + 8);
        return (
            new(Vector512.Narrow(first, second).AsSingle()),
            new(Vector512.Narrow(first >>> 32, second >>> 32).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Singles512 even, Singles512 odd, float* destination)
    {
        (Vector512<ulong> evenLower, Vector512<ulong> evenUpper) = Vector512.Widen(even._lanes.AsUInt32());
        (Vector512<ulong> oddLower, Vector512<ulong> oddUpper) = Vector512.Widen(odd._lanes.AsUInt32());
        (evenLower | (oddLower << 32)).Store((ulong*)destination);
        (evenUpper | (oddUpper << 32)).Store((ulong*)destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator +(Singles512 a, Singles512 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator -(Singles512 a, Singles512 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator *(Singles512 a, Singles512 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator /(Singles512 a, Singles512 b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 MultiplyAdd(Singles512 a, Singles512 b, Singles512 c) => new(Vector512.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator &(Singles512 a, Singles512 b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator |(Singles512 a, Singles512 b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator ^(Singles512 a, Singles512 b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator <<(Singles512 a, int count) => new((a._lanes.AsUInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 operator >>>(Singles512 a, int count) => new((a._lanes.AsUInt32() >>> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 AddBits(Singles512 a, Singles512 b) => new((a._lanes.AsUInt32() + b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 SubtractBits(Singles512 a, Singles512 b) => new((a._lanes.AsUInt32() - b._lanes.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 LessBits(Singles512 a, Singles512 b) => new(Vector512.LessThan(a._lanes.AsInt32(), b._lanes.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Less(Singles512 a, Singles512 b) => new(Vector512.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Sqrt(Singles512 a) => new(Vector512.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 FromIntegers(Singles512 a) => new(Vector512.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 SelectKept(uint* kept, int part, Singles512 whenKept, Singles512 whenDropped)
    {
        Vector512<uint> bits = Vector512.Create(*kept) & (BitOfLane << (16 * part));
        return new(Vector512.ConditionalSelect(
            ~Vector512.Equals(bits, Vector512<uint>.Zero).AsSingle(), whenKept._lanes, whenDropped._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 MultiplyKept(uint* kept, int part, Singles512 a, Singles512 b)
    {
        Vector512<uint> bits = Vector512.Create(*kept) & (BitOfLane << (16 * part));
        return new(Vector512.ConditionalSelect(
            ~Vector512.Equals(bits, Vector512<uint>.Zero).AsSingle(), a._lanes * b._lanes, Vector512<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Singles512 mask) => mask._lanes.AsUInt32() != Vector512<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Singles512 Select(Singles512 mask, Singles512 a, Singles512 b) => new(Vector512.ConditionalSelect(mask._lanes, a._lanes, b._lanes));
}
