using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Two doubles in a 128-bit register.</summary>
internal readonly unsafe struct Doubles128 : IDoubles<Doubles128>
{
    private readonly Vector128<double> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Doubles128(Vector128<double> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    public static Doubles128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<double>.Zero);
    }

    private static Vector128<ulong> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(1UL, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 Broadcast(Coefficient value) => new(Vector128.Create(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 Load(double* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles128 a, double* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Doubles128 a, double* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator +(Doubles128 a, Doubles128 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator -(Doubles128 a, Doubles128 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator *(Doubles128 a, Doubles128 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 SelectKept(uint* kept, int part, Doubles128 whenKept, Doubles128 whenDropped)
    {
        Vector128<ulong> bit = BitOfLane << (2 * part);
        return new(Vector128.ConditionalSelect(
            Vector128.Equals(Vector128.Create((ulong)*kept) & bit, bit).AsDouble(), whenKept._lanes, whenDropped._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 MultiplyKept(uint* kept, int part, Doubles128 a, Doubles128 b)
    {
        Vector128<ulong> bit = BitOfLane << (2 * part);
        return new(Vector128.ConditionalSelect(
            Vector128.Equals(Vector128.Create((ulong)*kept) & bit, bit).AsDouble(), a._lanes * b._lanes, Vector128<double>.Zero));
    }
}
