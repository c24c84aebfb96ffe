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
    public unsafe void FillKeptBits(Span<byte> destination, long length, DropRate dropRate, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        long bytes = Bytes(length);
        if (destination.Length < bytes)
        {
            throw new ArgumentException($"Destination must hold at least {bytes} bytes; received {destination.Length}.", nameof(destination));
        }

        fixed (byte* target = destination)
        {
            FillKeptBits(target, length, dropRate.KeepThreshold, firstElement);
        }
    }

    /// <summary>A stretch of a mask as packed bits in native memory: 1 where the element is kept.</summary>
    /// <param name="destination">Receives ⌈<paramref name="length"/> / 8⌉ bytes.</param>
    /// <param name="length">How many elements the stretch has; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans.</remarks>
    public unsafe void FillKeptBits(byte* destination, long length, DropRate dropRate, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        FillKeptBits(destination, length, dropRate.KeepThreshold, firstElement);
    }

    private static long Bytes(long bits) => (bits / 8) + (bits % 8 == 0 ? 0 : 1);

    private unsafe void FillKeptBits(byte* destination, long length, ulong threshold, long firstElement)
    {
        if (length == 0)
        {
            return;
        }

        int shift = (int)(firstElement & 7);
        if (shift == 0)
        {
            destination[Bytes(length) - 1] = 0;
            MaskDriver.Run(this, threshold, firstElement, length, new KeptBits(destination));
            return;
        }

        // The driver writes whole bytes, so it begins at the byte's first element, and what it wrote is moved down by the rest.
        const int Block = 1 << 15;
        byte* bits = stackalloc byte[(Block / 8) + 1];
        for (long done = 0; done < length; done += Block)
        {
            int count = (int)Math.Min(Block, length - done), whole = (int)Bytes(shift + count);
            bits[whole - 1] = 0;
            bits[Block / 8] = 0;
            MaskDriver.Run(this, threshold, firstElement - shift + done, shift + count, new KeptBits(bits));
            byte* target = destination + (done / 8);
            for (int i = 0; i < Bytes(count); i++)
            {
                int next = i + 1 < whole ? bits[i + 1] : 0;
                target[i] = (byte)((bits[i] | next << 8) >> shift);
            }
        }
    }
}
