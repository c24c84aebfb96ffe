namespace DropoutSharp.Tests.Kernels;

/// <summary>More than 2³¹ elements in one call, through native memory.</summary>
public sealed unsafe class LargeMemoryTests
{
    private const long Length = (1L << 31) + 1000;
    private static readonly MaskStream Stream = new(8, 1, 1);

    [Fact]
    public void FillKept_BeyondTwoToThe31_GoesOn()
    {
        const nuint Bytes = (nuint)Length;
        Assert.SkipUnless(GuardedMemory.IsSupported, "Memory that is only reserved is had through Linux's mmap.");
        Assert.SkipUnless(
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 3 * (long)Bytes, "The test writes 2 GiB; this machine has less than 6 GiB free.");
        byte* kept = GuardedMemory.Map(0, Bytes, 3, 0x4022, -1, 0); // private, anonymous, without reserve
        Assert.SkipUnless((nint)kept != -1, "The machine does not lend 2 GiB of addresses.");
        try
        {
            Stream.FillKept(kept, Length, 0.5, 3);

            foreach (long start in new[] { 0, int.MaxValue - 500L, Length - 500 })
            {
                for (long i = start; i < Math.Min(start + 1000, Length); i++)
                {
                    Assert.Equal(Stream.IsKept(3 + i, 0.5) ? 1 : 0, kept[i]);
                }
            }
        }
        finally
        {
            _ = GuardedMemory.Unmap(kept, Bytes);
        }
    }

    [Fact]
    public void Dropout_BeyondTwoToThe31_InPlace_GoesOn()
    {
        const long Bytes = Length * 2;
        Assert.SkipUnless(GuardedMemory.IsSupported, "Memory that is only reserved is had through Linux's mmap.");
        Assert.SkipUnless(
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 2 * Bytes, "The test writes 4 GiB; this machine has less than 8 GiB.");
        Half* values = (Half*)GuardedMemory.Map(0, unchecked((nuint)Bytes), 3, 0x4022, -1, 0); // private, anonymous, without reserve
        Assert.SkipUnless((nint)values != -1, "The machine does not lend 4 GiB of addresses.");
        try
        {
            long[] starts = [0, int.MaxValue - 500L, Length - 1000];
            foreach (long start in starts)
            {
                new Span<Half>(values + start, 1000).Fill((Half)3);
            }

            DropoutPrimitives.Dropout(values, values, Length, 0.5, 2, Stream, 3);

            foreach (long start in starts)
            {
                for (long i = start; i < start + 1000; i++)
                {
                    Assert.Equal(Stream.IsKept(3 + i, 0.5) ? 6 : 0, (float)values[i]);
                }
            }
        }
        finally
        {
            _ = GuardedMemory.Unmap((byte*)values, unchecked((nuint)Bytes));
        }
    }
}
