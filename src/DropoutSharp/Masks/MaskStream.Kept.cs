namespace DropoutSharp;

public readonly partial record struct MaskStream
{
    /// <summary>A stretch of a mask as truth values: true where the element is kept.</summary>
    /// <param name="destination">Receives one value an element.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillKept(Span<bool> destination, DropRate dropRate, long firstElement = 0)
    {
        fixed (bool* target = destination)
        {
            FillKept((byte*)target, destination.Length, dropRate, firstElement);
        }
    }

    /// <summary>A stretch of a mask as bytes: 1 where the element is kept, 0 where it is dropped.</summary>
    /// <param name="destination">Receives one byte an element.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillKept(Span<byte> destination, DropRate dropRate, long firstElement = 0)
    {
        fixed (byte* target = destination)
        {
            FillKept(target, destination.Length, dropRate, firstElement);
        }
    }

    /// <summary>A stretch of a mask in native memory, one byte an element: 1 where it is kept, 0 where it is dropped.</summary>
    /// <param name="destination">Receives one byte an element; the memory of a bool tensor will do.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillKept(byte* destination, long length, DropRate dropRate, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(length, firstElement);
        MaskDriver.Run(this, dropRate.KeepThreshold, firstElement, length, new KeptBytes(destination));
    }
}
