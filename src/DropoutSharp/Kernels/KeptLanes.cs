using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Kept columns as lanes of vectors: sixteen columns are read at once, and what is kept of them is moved together or apart within the vector.</summary>
/// <remarks>
/// Only for elements of four bytes and processors with AVX-512; elsewhere <see cref="Create"/> gives null, and the plain loops do it. Where each vector's kept elements lie is counted once for all rows, so that no vector waits for the one before it.
/// </remarks>
internal sealed unsafe class KeptLanes
{
    private const int Width = 16;

    /// <summary>All bits for each kept column, none for the others and for what the last vector has beyond them.</summary>
    private readonly int[] _masks;

    /// <summary>How many kept columns lie before each vector, and before the end.</summary>
    private readonly int[] _places;

    /// <summary>How many vectors have a whole one's room for their kept elements within a row's own, and a whole one's columns.</summary>
    private readonly int _roomy;

    private readonly int _columns;

    private KeptLanes(int[] kept, int columns)
    {
        int vectors = (columns + Width - 1) / Width;
        (_masks, _places, _columns) = (new int[vectors * Width], new int[vectors + 1], columns);
        foreach (int column in kept)
        {
            _masks[column] = -1;
            _places[(column / Width) + 1]++;
        }

        for (int vector = 0; vector < vectors; vector++)
        {
            _places[vector + 1] += _places[vector];
        }

        while (_roomy < columns / Width && _places[_roomy] + Width <= kept.Length)
        {
            _roomy++;
        }
    }

    private int Vectors => _places.Length - 1;

    private int Kept => _places[^1];

    /// <summary>The lanes of columns; null where the processor has no such vectors or no whole one fits.</summary>
    public static KeptLanes? Create(int[] kept, int columns) => Avx512F.IsSupported && columns >= Width ? new(kept, columns) : null;

    /// <summary>Moves the kept elements of rows together.</summary>
    /// <param name="matrix">All rows, with all columns.</param>
    /// <param name="rows">Which rows are kept; null for all.</param>
    /// <param name="start">The first of the kept rows.</param>
    /// <param name="end">The first that is not to be done.</param>
    /// <param name="destination">Receives the kept elements of all kept rows.</param>
    /// <param name="scale">What becomes of each element on the way.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather<TScale>(uint* matrix, int[]? rows, long start, long end, uint* destination, TScale scale)
        where TScale : struct, ILaneScale
    {
        // Four rows share the reading of a mask; where fewer are left, the last is done again.
        long narrow = Kept;
        for (long row = start; row < end; row += 4)
        {
            long row1 = Math.Min(row + 1, end - 1), row2 = Math.Min(row + 2, end - 1), row3 = Math.Min(row + 3, end - 1);
            uint* from0 = From(row), from1 = From(row1), from2 = From(row2), from3 = From(row3);
            uint* to0 = destination + (row * narrow), to1 = destination + (row1 * narrow), to2 = destination + (row2 * narrow), to3 = destination + (row3 * narrow);
            fixed (int* masks = _masks, places = _places)
            {
                for (int vector = 0; vector < _roomy; vector++)
                {
                    Vector512<uint> mask = Vector512.Load((uint*)masks + (vector * Width));
                    int place = places[vector], column = vector * Width;
                    Vector512.Store(Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Vector512.Load(from0 + column))), to0 + place);
                    Vector512.Store(Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Vector512.Load(from1 + column))), to1 + place);
                    Vector512.Store(Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Vector512.Load(from2 + column))), to2 + place);
                    Vector512.Store(Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Vector512.Load(from3 + column))), to3 + place);
                }

                for (int vector = _roomy; vector < Vectors; vector++)
                {
                    Vector512<uint> mask = Vector512.Load((uint*)masks + (vector * Width)), held = First(places[vector + 1] - places[vector]);
                    int place = places[vector], column = vector * Width;
                    Avx512F.MaskStore(to0 + place, held, Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Avx512F.MaskLoad(from0 + column, mask, Vector512<uint>.Zero))));
                    Avx512F.MaskStore(to1 + place, held, Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Avx512F.MaskLoad(from1 + column, mask, Vector512<uint>.Zero))));
                    Avx512F.MaskStore(to2 + place, held, Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Avx512F.MaskLoad(from2 + column, mask, Vector512<uint>.Zero))));
                    Avx512F.MaskStore(to3 + place, held, Avx512F.Compress(Vector512<uint>.Zero, mask, scale.Invoke(Avx512F.MaskLoad(from3 + column, mask, Vector512<uint>.Zero))));
                }
            }
        }

        uint* From(long row) => matrix + ((rows is null ? row : rows[row]) * _columns);
    }

    /// <summary>Adds the kept elements of a row, times a factor, to their places: fma(factor, value, element).</summary>
    /// <param name="from">The row's kept elements.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <param name="to">The row with all columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddScaled(float* from, float factor, float* to)
    {
        Vector512<float> factors = Vector512.Create(factor);
        fixed (int* masks = _masks, places = _places)
        {
            for (int vector = 0; vector < _roomy; vector++)
            {
                Vector512<float> mask = Vector512.Load((float*)masks + (vector * Width)), old = Vector512.Load(to + (vector * Width));
                Vector512<float> added = Avx512F.FusedMultiplyAdd(factors, Avx512F.Expand(Vector512<float>.Zero, mask, Vector512.Load(from + places[vector])), old);
                Vector512.Store(Vector512.ConditionalSelect(mask, added, old), to + (vector * Width));
            }

            for (int vector = _roomy; vector < Vectors; vector++)
            {
                Vector512<float> mask = Vector512.Load((float*)masks + (vector * Width)), held = First(places[vector + 1] - places[vector]).AsSingle();
                Vector512<float> values = Avx512F.Expand(Vector512<float>.Zero, mask, Avx512F.MaskLoad(from + places[vector], held, Vector512<float>.Zero));
                Avx512F.MaskStore(
                    to + (vector * Width), mask, Avx512F.FusedMultiplyAdd(factors, values, Avx512F.MaskLoad(to + (vector * Width), mask, Vector512<float>.Zero)));
            }
        }
    }

    /// <summary>Writes a whole row: its kept elements at their places, and +0 everywhere else.</summary>
    /// <param name="from">The row's kept elements.</param>
    /// <param name="to">The row with all columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(uint* from, uint* to)
    {
        fixed (int* masks = _masks, places = _places)
        {
            for (int vector = 0; vector < _roomy; vector++)
            {
                Vector512<uint> mask = Vector512.Load((uint*)masks + (vector * Width));
                Vector512.Store(Avx512F.Expand(Vector512<uint>.Zero, mask, Vector512.Load(from + places[vector])), to + (vector * Width));
            }

            for (int vector = _roomy; vector < Vectors; vector++)
            {
                Vector512<uint> mask = Vector512.Load((uint*)masks + (vector * Width)), held = First(places[vector + 1] - places[vector]);
                Avx512F.MaskStore(
                    to + (vector * Width),
                    First(_columns - (vector * Width)),
                    Avx512F.Expand(Vector512<uint>.Zero, mask, Avx512F.MaskLoad(from + places[vector], held, Vector512<uint>.Zero)));
            }
        }
    }

    /// <summary>A mask of the first lanes.</summary>
    private static Vector512<uint> First(int lanes) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsUInt32();
}
