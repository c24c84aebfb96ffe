using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DropoutSharp;

/// <summary>One number a column of a matrix whose rows lie one after the other.</summary>
/// <remarks>The numbers are copied, repeated to a whole register's width beyond the last column, so that a register can be loaded from any column on.</remarks>
internal readonly unsafe struct ColumnBias : IBias
{
    private const int MostLanes = 16;

    private readonly float* _values;
    private readonly ulong _period;
    private readonly ulong _reciprocal;

    private ColumnBias(float* values, long period)
    {
        _values = values;
        _period = (ulong)period;
        _reciprocal = (ulong.MaxValue / _period) + 1; // the quotient by it is exact for positions below 2^64 / period
    }

    /// <summary>The numbers of the columns.</summary>
    /// <param name="bias">The first.</param>
    /// <param name="columns">How many there are.</param>
    public static ColumnBias Create(float* bias, int columns)
    {
        // Few columns are repeated: a period of 1 has no reciprocal.
        long period = (long)columns * ((MostLanes + columns - 1) / columns);
        float* values = (float*)NativeMemory.Alloc((nuint)(period + MostLanes), sizeof(float));
        for (long i = 0; i < period + MostLanes; i += columns)
        {
            long length = Math.Min(columns, period + MostLanes - i) * sizeof(float);
            Buffer.MemoryCopy(bias, values + i, length, length);
        }

        return new ColumnBias(values, period);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSingles AddTo<TSingles>(TSingles x, long position)
        where TSingles : struct, ISingles<TSingles>
    {
        ulong row = Math.BigMul((ulong)position, _reciprocal, out _);
        return x + TSingles.Load(_values + ((ulong)position - (row * _period)));
    }

    /// <summary>Frees the copy.</summary>
    public void Free() => NativeMemory.Free(_values);
}
