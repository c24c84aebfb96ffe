using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A matrix of which only the entries that are not zero are kept, row after row (CSR).</summary>
/// <remarks>What a pruned layer needs on disk and in memory where whole units did not vanish.</remarks>
public sealed class CompressedRows
{
    private readonly int[] _rowStarts;
    private readonly int[] _columnIndices;
    private readonly float[] _values;

    private CompressedRows(long columns, int[] rowStarts, int[] columnIndices, float[] values) =>
        (Columns, _rowStarts, _columnIndices, _values) = (columns, rowStarts, columnIndices, values);

    /// <summary>How many rows.</summary>
    public long Rows => _rowStarts.Length - 1;

    /// <summary>How many columns.</summary>
    public long Columns { get; }

    /// <summary>Where each row starts in <see cref="Values"/>, and at the end how many values there are.</summary>
    public IReadOnlyList<int> RowStarts => _rowStarts;

    /// <summary>The column of each value.</summary>
    public IReadOnlyList<int> ColumnIndices => _columnIndices;

    /// <summary>The values, row after row.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>The size of starts, columns and values, in bytes.</summary>
    public long ByteCount => (sizeof(int) * ((long)_rowStarts.Length + _columnIndices.Length)) + (sizeof(float) * (long)_values.Length);

    /// <summary>Compresses weights.</summary>
    /// <param name="weight">Outputs × inputs; a convolution's further dimensions count as columns.</param>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static CompressedRows From(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() < 2)
        {
            throw new ArgumentException($"Weights must have at least two dimensions; received the shape [{string.Join(", ", weight.shape)}].", nameof(weight));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor dense = weight.detach().reshape(weight.size(0), -1).to(ScalarType.Float32).cpu().contiguous();
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(dense.bytes);
        int columns = checked((int)dense.size(1));
        List<int> starts = [0], indices = [];
        List<float> kept = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                indices.Add(i % columns);
                kept.Add(values[i]);
            }

            if ((i + 1) % columns == 0)
            {
                starts.Add(kept.Count);
            }
        }

        return new CompressedRows(columns, [.. starts], [.. indices], [.. kept]);
    }

    /// <summary>The product with a vector: <c>y = Wx</c>.</summary>
    /// <param name="x">One number a column.</param>
    /// <param name="destination">Receives one number a row.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit.</exception>
    public void Multiply(ReadOnlySpan<float> x, Span<float> destination)
    {
        if (x.Length != Columns || destination.Length != Rows)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A vector of {Columns} and a destination of {Rows} are needed; received {x.Length} and {destination.Length}."), nameof(x));
        }

        for (int row = 0; row < destination.Length; row++)
        {
            float sum = 0;
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
            {
                sum += _values[i] * x[_columnIndices[i]];
            }

            destination[row] = sum;
        }
    }
}
