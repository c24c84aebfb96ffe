namespace DropoutSharp;

public readonly partial record struct MaskStream
{
    /// <summary>The kept elements of a stretch of a mask, as ascending positions within the stretch.</summary>
    /// <param name="destination">Receives the positions; room for <paramref name="length"/> of them is needed, since all may be kept.</param>
    /// <param name="length">How many elements the stretch has.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <returns>How many elements are kept: so many positions were written. What lies behind them is unspecified.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the stretch.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    public int FillKeptIndices(Span<int> destination, int length, DropRate dropRate, long firstElement = 0)
    {
        CheckIndices(destination.Length, length, firstElement);
        int count = 0;
        for (int i = 0; i < length; i++)
        {
            if (IsKept(firstElement + i, dropRate))
            {
                destination[count++] = i;
            }
        }

        return count;
    }

    /// <inheritdoc cref="FillKeptIndices(Span{int}, int, DropRate, long)"/>
    public int FillKeptIndices(Span<long> destination, int length, DropRate dropRate, long firstElement = 0)
    {
        CheckIndices(destination.Length, length, firstElement);
        int count = 0;
        for (int i = 0; i < length; i++)
        {
            if (IsKept(firstElement + i, dropRate))
            {
                destination[count++] = i;
            }
        }

        return count;
    }

    private static void CheckIndices(int destinationLength, int length, long firstElement)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        if (destinationLength < length)
        {
            throw new ArgumentException($"Destination must hold at least {length} indices; received {destinationLength}.");
        }
    }
}
