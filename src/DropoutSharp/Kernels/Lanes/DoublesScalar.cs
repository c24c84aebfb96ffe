using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>One double.</summary>
internal readonly unsafe struct DoublesScalar : IDoubles<DoublesScalar>
{
    private readonly double _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DoublesScalar(double value) => _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    public static DoublesScalar Zero => default;

    public static DoublesScalar Broadcast(Coefficient value) => new(value.Double);

    public static DoublesScalar Load(double* source) => new(*source);

    public static void Store(DoublesScalar a, double* destination) => *destination = a._value;

    public static void Stream(DoublesScalar a, double* destination) => Store(a, destination);

    public static DoublesScalar operator +(DoublesScalar a, DoublesScalar b) => new(a._value + b._value);

    public static DoublesScalar operator -(DoublesScalar a, DoublesScalar b) => new(a._value - b._value);

    public static DoublesScalar operator *(DoublesScalar a, DoublesScalar b) => new(a._value * b._value);

    public static DoublesScalar SelectKept(uint* kept, int part, DoublesScalar whenKept, DoublesScalar whenDropped) =>
        (*kept >> part & 1) != 0 ? whenKept : whenDropped;

    public static DoublesScalar MultiplyKept(uint* kept, int part, DoublesScalar a, DoublesScalar b) =>
        SelectKept(kept, part, a * b, Zero);
}
