using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>One float.</summary>
internal readonly unsafe struct SinglesScalar : ISingles<SinglesScalar>
{
    private readonly uint _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SinglesScalar(uint bits) => _bits = bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SinglesScalar(float value) => _bits = BitConverter.SingleToUInt32Bits(value);

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    public static SinglesScalar Zero => default;

    private float Value => BitConverter.UInt32BitsToSingle(_bits);

    public static SinglesScalar Broadcast(Coefficient value) => new(value.Single);

    public static SinglesScalar BroadcastBits(uint value) => new(value);

    public static SinglesScalar Repeat(float* source) => new(*source);

    public static SinglesScalar Load(float* source) => new(*source);

    public static void Store(SinglesScalar a, float* destination) => *destination = a.Value;

    public static void Stream(SinglesScalar a, float* destination) => Store(a, destination);

    public static SinglesScalar LoadHalves(ushort* source) => new((uint)*source);

    public static void StoreHalves(SinglesScalar a, ushort* destination) => *destination = (ushort)a._bits;

    public static (SinglesScalar Even, SinglesScalar Odd) LoadPairs(uint* source) => (new(source[0]), new(source[1]));

    public static void StorePairs(SinglesScalar even, SinglesScalar odd, float* destination)
    {
        destination[0] = even.Value;
        destination[1] = odd.Value;
    }

    public static SinglesScalar operator +(SinglesScalar a, SinglesScalar b) => new(a.Value + b.Value);

    public static SinglesScalar operator -(SinglesScalar a, SinglesScalar b) => new(a.Value - b.Value);

    public static SinglesScalar operator *(SinglesScalar a, SinglesScalar b) => new(a.Value * b.Value);

    public static SinglesScalar operator /(SinglesScalar a, SinglesScalar b) => new(a.Value / b.Value);

    public static SinglesScalar MultiplyAdd(SinglesScalar a, SinglesScalar b, SinglesScalar c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static SinglesScalar operator &(SinglesScalar a, SinglesScalar b) => new(a._bits & b._bits);

    public static SinglesScalar operator |(SinglesScalar a, SinglesScalar b) => new(a._bits | b._bits);

    public static SinglesScalar operator ^(SinglesScalar a, SinglesScalar b) => new(a._bits ^ b._bits);

    public static SinglesScalar operator <<(SinglesScalar a, int count) => new(a._bits << count);

    public static SinglesScalar operator >>>(SinglesScalar a, int count) => new(a._bits >>> count);

    public static SinglesScalar AddBits(SinglesScalar a, SinglesScalar b) => new(a._bits + b._bits);

    public static SinglesScalar SubtractBits(SinglesScalar a, SinglesScalar b) => new(a._bits - b._bits);

    public static SinglesScalar LessBits(SinglesScalar a, SinglesScalar b) => new((int)a._bits < (int)b._bits ? uint.MaxValue : 0);

    public static SinglesScalar Less(SinglesScalar a, SinglesScalar b) => new(a.Value < b.Value ? uint.MaxValue : 0);

    public static bool Any(SinglesScalar mask) => mask._bits != 0;

    public static SinglesScalar Select(SinglesScalar mask, SinglesScalar a, SinglesScalar b) =>
        new((a._bits & mask._bits) | (b._bits & ~mask._bits));

    public static SinglesScalar Sqrt(SinglesScalar a) => new(MathF.Sqrt(a.Value));

    public static SinglesScalar FromIntegers(SinglesScalar a) => new((float)(int)a._bits);

    public static SinglesScalar SelectKept(uint* kept, int part, SinglesScalar whenKept, SinglesScalar whenDropped) =>
        (*kept >> part & 1) != 0 ? whenKept : whenDropped;

    public static SinglesScalar MultiplyKept(uint* kept, int part, SinglesScalar a, SinglesScalar b) =>
        SelectKept(kept, part, a * b, Zero);
}
