using System.Buffers;

namespace DropoutSharp;

/// <summary>A mask that all rows share, drawn once: all ones for a kept column, else 0.</summary>
internal readonly unsafe struct RowMask
{
    private readonly uint[] _rented;

    /// <summary>Draws a mask; <see cref="Free"/> gives its memory back.</summary>
    /// <param name="columns">How many columns there are; at least 1.</param>
    /// <param name="dropRate">The probability that a column is dropped.</param>
    /// <param name="stream">The mask's position.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first column's element.</param>
    public RowMask(int columns, DropRate dropRate, MaskStream stream, long firstElement)
    {
        _rented = ArrayPool<uint>.Shared.Rent(columns);
        byte[] decisions = ArrayPool<byte>.Shared.Rent(columns);
        stream.FillKept(decisions.AsSpan(0, columns), dropRate, firstElement);
        for (int column = 0; column < columns; column++)
        {
            _rented[column] = decisions[column] == 0 ? 0 : uint.MaxValue;
        }

        ArrayPool<byte>.Shared.Return(decisions);
    }

    /// <summary>The columns' bits.</summary>
    public uint[] Bits => _rented;

    /// <summary>Gives the memory back.</summary>
    public void Free() => ArrayPool<uint>.Shared.Return(_rented);
}
