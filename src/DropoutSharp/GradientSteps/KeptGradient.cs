using System.Numerics;

namespace DropoutSharp;

/// <summary>The gradient of a matrix of weights as the sum of gradients of kept parts, and of whole ones: what is not kept has a gradient of zero that nobody wrote.</summary>
/// <typeparam name="T">The element type: float or double.</typeparam>
public sealed unsafe class KeptGradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Entry> _entries = [];

    /// <summary>A gradient of zeros.</summary>
    /// <param name="rows">How many rows the matrix has.</param>
    /// <param name="width">How many elements a row has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="ArgumentException">The elements are neither float nor double.</exception>
    public KeptGradient(int rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new ArgumentException($"Elements must be float or double; received {typeof(T).Name}.");
        }

        (Rows, Width) = (rows, width);
    }

    /// <summary>How many rows the matrix has.</summary>
    public int Rows { get; }

    /// <summary>How many elements a row has.</summary>
    public int Width { get; }

    /// <summary>Adds the gradient of a part.</summary>
    /// <param name="part">The part, of a matrix of this size.</param>
    /// <param name="values">Its elements as <see cref="Submatrix.Gather"/> gives them. They are read by the steps that use this gradient, and must lie there until then.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <exception cref="ArgumentException">The part is one of a matrix of another size.</exception>
    public void Add(Submatrix part, T* values, T factor)
    {
        ArgumentNullException.ThrowIfNull(part);
        long width = (long)part.Columns * part.Run;
        if (part.Rows != Rows || width != Width)
        {
            throw new ArgumentException($"Part must be of a matrix of {Rows} × {Width} elements; received one of {part.Rows} × {width}.", nameof(part));
        }

        _entries.Add(new Entry(part, (nint)values, factor));
    }

    /// <summary>Adds a whole gradient.</summary>
    /// <param name="values">Its elements, row after row; they must lie there until the gradient is used.</param>
    public void AddWhole(T* values) => _entries.Add(new Entry(new Submatrix(Rows, Width, 1, null, null), (nint)values, T.One));

    /// <summary>Adds the gradient, times a factor, to a matrix; where nothing is kept, the matrix is neither read nor written.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="factor">The factor, such as the negative learning rate.</param>
    public void AddTo(T* matrix, T factor)
    {
        foreach (Entry entry in _entries)
        {
            entry.Part.AddScaled(entry.Values, factor * entry.Factor, matrix);
        }
    }

    /// <summary>One row of the whole gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="buffer">Room for a row, zero at first.</param>
    /// <param name="isZero">Whether the buffer is zero; afterwards whether it still is.</param>
    /// <returns>The row: in the buffer, or where it lies anyway.</returns>
    internal T* Row(long row, T* buffer, ref bool isZero)
    {
        if (_entries is [{ Part: { KeptRowIndices: null, KeptColumnIndices: null } } whole] && whole.Factor == T.One)
        {
            return whole.Values + (row * Width);
        }

        if (!isZero)
        {
            new Span<T>(buffer, Width).Clear();
            isZero = true;
        }

        foreach (Entry entry in _entries)
        {
            isZero &= !entry.Part.AddRow(row, entry.Values, entry.Factor, buffer);
        }

        return buffer;
    }

    private readonly record struct Entry(Submatrix Part, nint Address, T Factor)
    {
        public T* Values => (T*)Address;
    }
}
