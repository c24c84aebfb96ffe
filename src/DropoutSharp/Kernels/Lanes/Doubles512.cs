using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Eight doubles in a 512-bit register.</summary>
internal readonly unsafe struct Doubles512 : IDoubles<Doubles512>
{
    private readonly Vector512<double> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Doubles512(Vector512<double> lanes) => _lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static Doubles512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<double>.Zero);
    }

    private static Vector512<ulong> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1UL, 2, 4, 8, 16, 32, 64, 128);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Broadcast(Coefficient value) => new(Vector512.Create(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles512 a, double* destination) => a._lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Doubles512 a, double* destination) => a._lanes.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator +(Doubles512 a, Doubles512 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator -(Doubles512 a, Doubles512 b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator *(Doubles512 a, Doubles512 b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 SelectKept(uint* kept, int part, Doubles512 whenKept, Doubles512 whenDropped)
    {
        Vector512<ulong> bits = Vector512.Create((ulong)*kept) & (BitOfLane << (8 * part));
        return new(Vector512.ConditionalSelect(
            ~Vector512.Equals(bits, Vector512<ulong>.Zero).AsDouble(), whenKept._lanes, whenDropped._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 MultiplyKept(uint* kept, int part, Doubles512 a, Doubles512 b)
    {
        Vector512<ulong> bits = Vector512.Create((ulong)*kept) & (BitOfLane << (8 * part));
        return new(Vector512.ConditionalSelect(
            ~Vector512.Equals(bits, Vector512<ulong>.Zero).AsDouble(), a._lanes * b._lanes, Vector512<double>.Zero));
    }
}
