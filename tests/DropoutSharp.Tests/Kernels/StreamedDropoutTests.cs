using System.Runtime.InteropServices;

namespace DropoutSharp.Tests.Kernels;

/// <summary>Stores past the caches write what ordinary ones write.</summary>
public sealed unsafe class StreamedDropoutTests
{
    private static readonly MaskStream Stream = new(17, 2, 9);

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Apply_AnyLengthAndAlignedStart_EqualsOrdinaryStores(VectorWidth width)
    {
        AssertEqual<float>(width, [0, 16, 112, 128, 1L << 33]);
        AssertEqual<double>(width, [0, 8, 120, 128, 1L << 33]);
    }

    [Fact]
    public void IsAligned_RegistersThatWouldSplitALine_AreRefused()
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(4096, 64);

        Assert.True(StreamedStore.IsAligned((float*)memory, 0));
        Assert.True(StreamedStore.IsAligned((float*)memory, 16));
        Assert.False(StreamedStore.IsAligned((float*)memory, 8));
        Assert.False(StreamedStore.IsAligned((float*)(memory + 32), 0));
        Assert.True(StreamedStore.IsAligned((double*)memory, 8));
        NativeMemory.AlignedFree(memory);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Dropout_LargeTensor_EqualsItsPartsDoneAlone(int threads)
    {
        // Large enough for the public operation to stream; the parts are not.
        const int Length = (8 << 20) + 77, Part = 1 << 16;
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 256 << 20, "The test needs 100 MiB of memory.");
        float* x = (float*)NativeMemory.AlignedAlloc(Length * sizeof(float), 64), y = (float*)NativeMemory.AlignedAlloc(Length * sizeof(float), 64);
        for (int i = 0; i < Length; i++)
        {
            x[i] = i + 1;
        }

        int before = DropoutPrimitives.MaxDegreeOfParallelism;
        try
        {
            DropoutPrimitives.MaxDegreeOfParallelism = threads;
            Assert.True(StreamedStore.Fits(y, Length, 32));
            DropoutPrimitives.Dropout(x, y, Length, 0.2, 1.25, Stream, 32);
        }
        finally
        {
            DropoutPrimitives.MaxDegreeOfParallelism = before;
        }

        float[] part = new float[Part];
        for (int start = 0; start < Length; start += Part)
        {
            int length = Math.Min(Part, Length - start);
            DropoutPrimitives.Dropout(new ReadOnlySpan<float>(x + start, length), part, 0.2, 1.25, Stream, 32 + start);
            Assert.True(part.AsSpan(0, length).SequenceEqual(new ReadOnlySpan<float>(y + start, length)), $"from {start}");
        }

        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(y);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MaxDegreeOfParallelism_BelowOne_IsRefused(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.MaxDegreeOfParallelism = threads);

    private static void AssertEqual<T>(VectorWidth width, long[] firsts)
        where T : unmanaged
    {
        const int Longest = 1300;
        T* x = (T*)NativeMemory.AlignedAlloc((nuint)(Longest * sizeof(T)), 64);
        T* ordinary = (T*)NativeMemory.AlignedAlloc((nuint)(Longest * sizeof(T)), 64);
        T* streamed = (T*)NativeMemory.AlignedAlloc((nuint)(Longest * sizeof(T)), 64);
        for (int i = 0; i < Longest; i++)
        {
            x[i] = typeof(T) == typeof(float) ? (T)(object)(i - 600.5f) : (T)(object)(i - 600.5);
        }

        ulong threshold = DropRate.FromKeepProbability(0.7).KeepThreshold;
        var function = new ScaleKept(1 / 0.7);
        foreach (long first in firsts)
        {
            foreach (int length in Enumerable.Range(0, 300).Append(Longest))
            {
                MaskDriver.Run(
                    Stream, threshold, first, length, new SelectOperation<T, ScaleKept, OrdinaryStore>(x, ordinary, function), width, Widths.OneThread);
                MaskDriver.Run(
                    Stream, threshold, first, length, new SelectOperation<T, ScaleKept, StreamedStore>(x, streamed, function), width, Widths.OneThread);

                Assert.True(
                    MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ordinary, length))
                        .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(streamed, length))),
                    $"{width}, first {first}, length {length}");
            }
        }

        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(ordinary);
        NativeMemory.AlignedFree(streamed);
    }
}
