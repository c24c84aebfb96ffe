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
}
