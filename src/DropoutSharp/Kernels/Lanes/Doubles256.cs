using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Four doubles in a 256-bit register.</summary>
internal readonly unsafe struct Doubles256 : IDoubles<Doubles256>
{
    private readonly Vector256<double> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Doubles256(Vector256<double> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static Doubles256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<double>.Zero);
    }

    private static Vector256<ulong> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(1UL, 2, 4, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Broadcast(Coefficient value) => new(Vector256.Create(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles256 a, double* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Doubles256 a, double* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator +(Doubles256 a, Doubles256 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator -(Doubles256 a, Doubles256 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator *(Doubles256 a, Doubles256 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 SelectKept(uint* kept, int part, Doubles256 whenKept, Doubles256 whenDropped)
    {
        Vector256<ulong> bit = BitOfLane << (4 * part);
        return new(Vector256.ConditionalSelect(
            Vector256.Equals(Vector256.Create((ulong)*kept) & bit, bit).AsDouble(), whenKept._lanes, whenDropped._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 MultiplyKept(uint* kept, int part, Doubles256 a, Doubles256 b)
    {
        Vector256<ulong> bit = BitOfLane << (4 * part);
        return new(Vector256.ConditionalSelect(
            Vector256.Equals(Vector256.Create((ulong)*kept) & bit, bit).AsDouble(), a._lanes * b._lanes, Vector256<double>.Zero));
    }
}
