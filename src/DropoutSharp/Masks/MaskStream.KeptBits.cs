namespace DropoutSharp;

public readonly partial record struct MaskStream
{
    /// <summary>A stretch of a mask as packed bits: 1 where the element is kept.</summary>
    /// <param name="destination">Receives ⌈<paramref name="length"/> / 8⌉ bytes.</param>
    /// <param name="length">How many elements the stretch has.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// Element <c>firstElement + i</c> is bit <c>i mod 8</c>, counted from the lowest, of byte <c>i / 8</c> (NumPy's <c>bitorder='little'</c>).
    /// The unused bits of the last byte are 0.
    /// </remarks>
    public void FillKeptBits(Span<byte> destination, long length, DropRate dropRate, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        long bytes = (length / 8) + (length % 8 == 0 ? 0 : 1);
        if (destination.Length < bytes)
        {
            throw new ArgumentException($"Destination must hold at least {bytes} bytes; received {destination.Length}.", nameof(destination));
        }

        destination[..(int)bytes].Clear();
        for (long i = 0; i < length; i++)
        {
            destination[(int)(i >> 3)] |= (byte)(IsKept(firstElement + i, dropRate) ? 1 << (int)(i & 7) : 0);
        }
    }
}
