namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Gathers chosen rows of a matrix into a smaller one, times a factor.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The matrix, row after row.</param>
    /// <param name="destination">Receives as many rows as are chosen; apart from the matrix.</param>
    /// <param name="rows">The chosen rows, ascending and each once.</param>
    /// <param name="count">How many rows the matrix has.</param>
    /// <param name="elements">How many elements a row has.</param>
    /// <param name="scale">The factor; the product is rounded once. With 1 elements are copied as they are.</param>
    /// <exception cref="ArgumentException">The rows do not ascend or lie outside of the matrix, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static unsafe void GatherRows<T>(T* x, T* destination, ReadOnlySpan<long> rows, long count, long elements, double scale = 1)
        where T : unmanaged
    {
        CheckRows<T>(rows, count, elements);
        fixed (long* chosen = rows)
        {
            ForkJoin.RunEqually(rows.Length, elements, new GatherRowsWork<T>(x, destination, chosen, elements, new MaskLaw(scale), VectorWidths.Best));
        }
    }

    /// <summary>Spreads a matrix over chosen rows of a larger one, times a factor; its other rows become +0. The adjoint of <see cref="GatherRows{T}"/>.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">As many rows as are chosen.</param>
    /// <param name="destination">Receives the larger matrix; apart from the smaller one.</param>
    /// <param name="rows">The chosen rows, ascending and each once.</param>
    /// <param name="count">How many rows the larger matrix has.</param>
    /// <param name="elements">How many elements a row has.</param>
    /// <param name="scale">The factor; the product is rounded once. With 1 elements are copied as they are.</param>
    /// <exception cref="ArgumentException">The rows do not ascend or lie outside of the matrix, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static unsafe void SpreadRows<T>(T* x, T* destination, ReadOnlySpan<long> rows, long count, long elements, double scale = 1)
        where T : unmanaged
    {
        CheckRows<T>(rows, count, elements);
        fixed (long* chosen = rows)
        {
            ForkJoin.RunEqually(
                count, elements, new SpreadRowsWork<T>(x, destination, chosen, rows.Length, elements, new MaskLaw(scale), VectorWidths.Best));
        }
    }

    /// <summary>Adds a matrix, times a factor, to chosen rows of a larger one: <c>destination = x</c>, with <c>scale·y[i]</c> added to row <c>rows[i]</c>.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The larger matrix, row after row.</param>
    /// <param name="y">As many rows as are chosen.</param>
    /// <param name="destination">Receives the sum: <paramref name="x"/> itself, whose other rows are then left alone, or memory apart from both.</param>
    /// <param name="rows">The chosen rows, ascending and each once.</param>
    /// <param name="count">How many rows the larger matrix has.</param>
    /// <param name="elements">How many elements a row has.</param>
    /// <param name="scale">The factor. Product and sum are computed in float, or double for double.</param>
    /// <exception cref="ArgumentException">The rows do not ascend or lie outside of the matrix, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <remarks>Rows that are not chosen are copied bit for bit.</remarks>
    public static unsafe void AddRows<T>(T* x, T* y, T* destination, ReadOnlySpan<long> rows, long count, long elements, double scale = 1)
        where T : unmanaged
    {
        CheckRows<T>(rows, count, elements);
        fixed (long* chosen = rows)
        {
            ForkJoin.RunEqually(count, elements, new AddRowsWork<T>(x, y, destination, chosen, rows.Length, elements, scale, VectorWidths.Best));
        }
    }

    private static void CheckRows<T>(ReadOnlySpan<long> rows, long count, long elements)
        where T : unmanaged
    {
        CheckElementType<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        long last = -1;
        foreach (long row in rows)
        {
            if (row <= last || row >= count)
            {
                throw new ArgumentException($"Rows must ascend and lie in [0, {count}); received {row} after {last}.", nameof(rows));
            }

            last = row;
        }
    }

    private readonly unsafe struct GatherRowsWork<T>(T* x, T* destination, long* rows, long elements, MaskLaw law, VectorWidth width) : IRangeWork
        where T : unmanaged
    {
        public void Invoke(long start, long end)
        {
            for (long i = start; i < end; i++)
            {
                MaskedRows.Run(x + (rows[i] * elements), destination + (i * elements), elements, kept: true, law, streams: false, width);
            }
        }
    }

    private readonly unsafe struct SpreadRowsWork<T>(T* x, T* destination, long* rows, int chosen, long elements, MaskLaw law, VectorWidth width) : IRangeWork
        where T : unmanaged
    {
        public void Invoke(long start, long end)
        {
            int next = new ReadOnlySpan<long>(rows, chosen).BinarySearch(start);
            next = next < 0 ? ~next : next;
            for (long row = start; row < end; row++)
            {
                bool kept = next < chosen && rows[next] == row;
                MaskedRows.Run(kept ? x + (next * elements) : null, destination + (row * elements), elements, kept, law, streams: false, width);
                next += kept ? 1 : 0;
            }
        }
    }

    private readonly unsafe struct AddRowsWork<T>(T* x, T* y, T* destination, long* rows, int chosen, long elements, double scale, VectorWidth width) : IRangeWork
        where T : unmanaged
    {
        public void Invoke(long start, long end)
        {
            int next = new ReadOnlySpan<long>(rows, chosen).BinarySearch(start);
            next = next < 0 ? ~next : next;
            for (long row = start; row < end; next++)
            {
                long until = next < chosen && rows[next] < end ? rows[next] : end;
                if (x != destination)
                {
                    long bytes = (until - row) * elements * sizeof(T);
                    Buffer.MemoryCopy(x + (row * elements), destination + (row * elements), bytes, bytes);
                }

                if (until < end)
                {
                    AddedRows.Run(x + (until * elements), y + (next * elements), destination + (until * elements), elements, scale, width);
                }

                row = until + 1;
            }
        }
    }
}
