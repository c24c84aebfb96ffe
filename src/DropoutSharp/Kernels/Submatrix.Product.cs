using System.Buffers;

namespace DropoutSharp;

public sealed partial class Submatrix
{
    /// <summary>
    /// Up to so many rows <see cref="MultiplyTransposed(float*, int, float*, float, float*, long, float*)"/> is faster than a library's product with kept weights that <see cref="Gather"/> copied; 0 on a processor without fused multiply-adds of eight numbers.
    /// </summary>
    public static int MostUncopiedRows => VectorWidths.Best >= VectorWidth.Vector256 ? 128 : 0;

    /// <summary>Multiplies rows with what is kept, where it lies in the whole matrix: <c>y = factor · x · Wᵀ + s</c>, as a linear layer between kept units does.</summary>
    /// <remarks>
    /// A library's product wants the kept weights side by side. With few rows, copying them there takes as long as multiplying them; here no weight is copied. Sums are taken input by input with fused
    /// multiply-adds, the same on every processor and with every number of threads.
    /// </remarks>
    /// <param name="x">The kept inputs of all rows, row after row: <paramref name="count"/> × <see cref="KeptColumns"/> elements.</param>
    /// <param name="count">How many rows there are.</param>
    /// <param name="matrix">The whole matrix: a row for each output, in it a column for each input, in runs of 1.</param>
    /// <param name="factor">What the products are multiplied with.</param>
    /// <param name="summands">What is added to the products: a number for each output, kept or not; null for nothing.</param>
    /// <param name="summandStride">From a row's summands to the next row's: 0 where all rows have the same, a layer's bias.</param>
    /// <param name="destination">Receives the kept outputs of all rows, row after row: <paramref name="count"/> × <see cref="KeptRows"/> elements; must not overlap what is read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="OverflowException">2²⁶ columns or more are kept.</exception>
    /// <exception cref="InvalidOperationException">Columns are runs of several elements.</exception>
    public unsafe void MultiplyTransposed(float* x, int count, float* matrix, float factor, float* summands, long summandStride, float* destination) =>
        MultiplyTransposed(x, count, matrix, factor, summands, summandStride, destination, VectorWidths.Best);

    internal unsafe void MultiplyTransposed(float* x, int count, float* matrix, float factor, float* summands, long summandStride, float* destination, VectorWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (Run != 1)
        {
            throw new InvalidOperationException($"Columns must be runs of 1 element to be multiplied; received runs of {Run}.");
        }

        switch (width)
        {
            case VectorWidth.Vector512 when count > KeptProductTile<Singles256>.Rows: // half of a wider register would be empty
                MultiplyTransposed<Singles512>(x, count, matrix, factor, summands, summandStride, destination);
                break;
            case VectorWidth.Vector512 or VectorWidth.Vector256:
                MultiplyTransposed<Singles256>(x, count, matrix, factor, summands, summandStride, destination);
                break;
            case VectorWidth.Vector128:
                MultiplyTransposed<Singles128>(x, count, matrix, factor, summands, summandStride, destination);
                break;
            default:
                MultiplyTransposed<SinglesScalar>(x, count, matrix, factor, summands, summandStride, destination);
                break;
        }
    }

    private unsafe void MultiplyTransposed<TSingles>(float* x, int count, float* matrix, float factor, float* summands, long summandStride, float* destination)
        where TSingles : struct, ISingles<TSingles>
    {
        const int Alignment = 64; // bytes: no register's numbers lie in two lines of a cache
        const int MostPacked = 1 << 18; // numbers that are laid side by side at once: they stay in the caches
        const int ProductsPerElement = 8; // about as many products take the time of an element that is copied
        const int Outputs = KeptProductTile<TSingles>.Outputs;
        int[] columns = _keptColumns ?? (_allColumns ??= [.. Enumerable.Range(0, Columns)]);
        long block = KeptProductTile<TSingles>.Rows, atOnce = Math.Max(1, MostPacked / Math.Max(1, KeptColumns * block)) * block;
        float[] rented = ArrayPool<float>.Shared.Rent(checked((int)((KeptProductTile<TSingles>.Padded(Math.Min(count, atOnce)) * KeptColumns) + (Alignment / sizeof(float)))));
        fixed (float* memory = rented)
        fixed (int* keptRows = _keptRows, keptColumns = columns)
        {
            float* packed = (float*)(((nint)memory + Alignment - 1) & -Alignment);
            for (long first = 0; first < count; first += atOnce)
            {
                int rows = (int)Math.Min(atOnce, count - first);
                KeptProductTile<TSingles>.Pack(x + (first * KeptColumns), rows, KeptColumns, packed);
                long elements = Math.Max(1, (long)rows * KeptColumns * Outputs / ProductsPerElement);
                ForkJoin.RunEqually(
                    (KeptRows + Outputs - 1) / Outputs,
                    elements,
                    new ProductWork<TSingles>(this, keptRows, keptColumns, packed, rows, matrix, factor, summands is null ? null : summands + (first * summandStride), summandStride, destination + (first * KeptRows)));
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Tiles of outputs with all rows.</summary>
    private readonly unsafe struct ProductWork<TSingles>(
        Submatrix part, int* keptRows, int* keptColumns, float* packed, int count, float* matrix, float factor, float* summands, long summandStride, float* destination) : IRangeWork
        where TSingles : struct, ISingles<TSingles>
    {
        public void Invoke(long start, long end)
        {
            const int Outputs = KeptProductTile<TSingles>.Outputs;
            float** weights = stackalloc float*[Outputs], added = stackalloc float*[Outputs];
            for (long tile = start; tile < end; tile++)
            {
                int first = (int)tile * Outputs, outputs = Math.Min(Outputs, part.KeptRows - first);
                for (int output = 0; output < Outputs; output++)
                {
                    int place = first + Math.Min(output, outputs - 1); // a tile that is not full repeats its last output
                    long row = keptRows is null ? place : keptRows[place];
                    weights[output] = matrix + (row * part.Columns);
                    added[output] = summands + row;
                }

                KeptProductTile<TSingles>.Multiply(
                    packed, count, keptColumns, part.KeptColumns, weights, outputs, factor, summands is null ? null : added, summandStride, destination + first, part.KeptRows);
            }
        }
    }
}
