using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Kept columns as lanes of vectors: sixteen columns are read at once, and what is kept of them is moved together or apart within the vector.</summary>
/// <remarks>Only for elements of four bytes and processors with AVX-512; elsewhere <see cref="Create"/> gives null, and the plain loops do it.</remarks>
internal static unsafe class KeptLanes
{
    /// <summary>How many columns a vector has.</summary>
    public const int Width = 16;

    /// <summary>All bits for each kept column, none for the others; null where the processor has no such vectors or no whole one fits.</summary>
    public static int[]? Create(int[] kept, int columns)
    {
        if (!Avx512F.IsSupported || columns < Width)
        {
            return null;
        }

        int[] lanes = new int[columns];
        foreach (int column in kept)
        {
            lanes[column] = -1;
        }

        return lanes;
    }

    /// <summary>Moves kept elements together, as far as whole vectors reach.</summary>
    /// <param name="from">A row with all columns.</param>
    /// <param name="to">Receives the kept ones.</param>
    /// <param name="end">No element from here on is written. Elements before it, beyond the kept ones, may be.</param>
    /// <param name="lanes">The kept columns.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <returns>How many kept elements are done, the first ones.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Gather(uint* from, uint* to, uint* end, int[] lanes, int columns)
    {
        uint* start = to;
        fixed (int* masks = lanes)
        {
            for (int column = 0; column <= columns - Width && end - to >= Width; column += Width)
            {
                Vector512<uint> mask = Vector512.Load((uint*)masks + column);
                Vector512.Store(Avx512F.Compress(Vector512<uint>.Zero, mask, Vector512.Load(from + column)), to);
                to += BitOperations.PopCount(mask.ExtractMostSignificantBits());
            }
        }

        return (int)(to - start);
    }

    /// <summary>Adds kept elements, times a factor, to their places in a row, as far as whole vectors reach.</summary>
    /// <param name="from">The kept elements.</param>
    /// <param name="end">No element from here on is read. Elements before it, beyond the kept ones of the row, may be.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <param name="to">The row with all columns.</param>
    /// <param name="lanes">The kept columns.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <returns>How many kept elements are done, the first ones.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddScaled(float* from, float* end, float factor, float* to, int[] lanes, int columns)
    {
        float* start = from;
        Vector512<float> factors = Vector512.Create(factor);
        fixed (int* masks = lanes)
        {
            for (int column = 0; column <= columns - Width && end - from >= Width; column += Width)
            {
                Vector512<float> mask = Vector512.Load((float*)masks + column), old = Vector512.Load(to + column);
                Vector512<float> added = Avx512F.FusedMultiplyAdd(factors, Avx512F.Expand(Vector512<float>.Zero, mask, Vector512.Load(from)), old);
                Vector512.Store(Vector512.ConditionalSelect(mask, added, old), to + column);
                from += BitOperations.PopCount(mask.ExtractMostSignificantBits());
            }
        }

        return (int)(from - start);
    }
}
