using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Runtime;

/// <summary>What is asked for of a stretch of memory: whole pages inside it, whose contents stay.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class LargePagesTests
{
    private const int Page = 4096;

    [Theory]
    [InlineData(0, 5 << 20)]
    [InlineData(1, 5 << 20)] // begins and ends within a page
    [InlineData(100, 4000)] // no whole page in it
    [InlineData(1, Page - 1)]
    [InlineData(0, 0)]
    public void Ask_AnyStretch_LeavesWhatIsThere(int offset, int bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It asks Linux.");
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(6 << 20), Page);
        try
        {
            new Span<byte>(memory, 6 << 20).Fill(7);
            LargePages.Ask((nint)memory + offset, bytes);
            Assert.Equal(-1, new Span<byte>(memory, 6 << 20).IndexOfAnyExcept((byte)7));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [Theory]
    [InlineData(0, 8192, 0, 8192)]
    [InlineData(1, 8192, 4096, 4096)]
    [InlineData(4095, 4097, 4096, 4096)]
    [InlineData(1, 4095, 4096, 0)]
    [InlineData(4096, 4095, 4096, 0)]
    public void WholePages_Stretch_AreThoseInsideIt(int address, int bytes, int first, int length)
    {
        (nint start, long whole) = LargePages.WholePages(address, bytes);
        Assert.Equal(length, whole);
        Assert.True(whole == 0 || start == first);
    }

    [Fact]
    public void NewLike_FromTheBoundOn_IsATensorLikeAnyOther()
    {
        LibtorchRuntime.EnsureLoaded();
        using Tensor large = zeros(LargePages.LeastBytes / 4 + 3), like = TensorMemory.NewLike(large);
        Assert.Equal(large.shape, like.shape);
        using Tensor ones = like.fill_(1);
        Assert.Equal(like.numel(), like.sum(ScalarType.Float64).item<double>());
    }
}
