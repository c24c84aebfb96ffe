namespace DropoutSharp.Tests.Kernels;

public sealed class BlockDropoutTests
{
    private static readonly MaskStream Stream = new(42, 3, 7);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void BlockDropout_AnyLayout_AppliesTheMapsMasks(bool channelsLast, bool shareChannels)
    {
        const int Samples = 20, Channels = 5, Cells = 9 * 11, First = 13;
        var mask = new BlockMask([9, 11], [3], 0.3);
        var layout = new BlockLayout(Samples, Channels, channelsLast, shareChannels);
        float[] x = [.. Enumerable.Range(1, Samples * Channels * Cells).Select(i => (float)i)], y = new float[x.Length];
        DropoutPrimitives.BlockDropout<float>(x, y, layout, mask, 2, Stream, First);

        var kept = new bool[Cells];
        for (int sample = 0; sample < Samples; sample++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                mask.Fill(Stream, First + (shareChannels ? sample : (sample * Channels) + channel), kept);
                for (int cell = 0; cell < Cells; cell++)
                {
                    int i = channelsLast ? (((sample * Cells) + cell) * Channels) + channel : (((sample * Channels) + channel) * Cells) + cell;
                    Assert.Equal(kept[cell] ? 2 * x[i] : 0, y[i]);
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false, 5, 3)]
    [InlineData(false, true, 5, 3)]
    [InlineData(true, false, 5, 3)]
    [InlineData(true, true, 5, 3)]
    [InlineData(false, false, 1, 3000)] // too few masks for the threads: they share the samples
    [InlineData(false, false, 256, 11)] // masks for each thread
    public void BlockDropout_SharedSamples_AppliesTheFirstOnesMasksToAll(bool channelsLast, bool shareChannels, int channels, int samples)
    {
        var mask = new BlockMask([9, 11], [3], 0.3);
        var layout = new BlockLayout(samples, channels, channelsLast, shareChannels, ShareSamples: true);
        float[] x = [.. Enumerable.Range(1, samples * channels * 99).Select(i => (float)i)], one = new float[channels * 99], y = new float[x.Length];
        DropoutPrimitives.BlockDropout<float>(x, y, layout, mask, 2, Stream, 13);
        Array.Fill(one, 1);
        DropoutPrimitives.BlockDropout<float>(one, one, layout with { Samples = 1, ShareSamples = false }, mask, 2, Stream, 13);
        Assert.Equal(shareChannels ? 1 : channels, layout.Maps);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(x[i] * one[i % one.Length], y[i]);
        }
    }

    [Fact]
    public unsafe void Fill_SharedSamples_IsWrittenOnce()
    {
        var mask = new BlockMask([5, 7], [2], 0.4);
        byte[] kept = new byte[4 * 35], expected = new byte[4 * 35];
        fixed (byte* shared = kept, first = expected)
        {
            mask.Fill(Stream, new BlockLayout(6, 4, ShareSamples: true), shared, 3);
            mask.Fill(Stream, new BlockLayout(1, 4), first, 3);
        }

        Assert.Equal(expected, kept);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public unsafe void Fill_AnyLayout_IsTheMapsMasks(bool channelsLast, bool shareChannels)
    {
        const int Samples = 6, Channels = 4, Cells = 35, First = 3;
        var mask = new BlockMask([5, 7], [2], 0.4);
        int own = shareChannels ? 1 : Channels;
        var kept = new byte[Samples * own * Cells];
        fixed (byte* bytes = kept)
        {
            mask.Fill(Stream, new BlockLayout(Samples, Channels, channelsLast, shareChannels), bytes, First);
        }

        var map = new bool[Cells];
        for (int i = 0; i < kept.Length; i++)
        {
            int sample = i / (own * Cells), rest = i % (own * Cells);
            (int channel, int cell) = channelsLast ? (rest % own, rest / own) : (rest / Cells, rest % Cells);
            mask.Fill(Stream, First + (sample * own) + channel, map);
            Assert.Equal(map[cell] ? 1 : 0, kept[i]);
        }

        Assert.Equal(kept.Count(value => value == 1), mask.CountKept(Stream, Samples * own, First));
    }

    [Fact]
    public void BlockDropout_InPlaceAndOnManyThreads_IsTheSame()
    {
        var mask = new BlockMask([14, 14], [7], 0.2);
        var layout = new BlockLayout(64, 48);
        var x = new double[64 * 48 * 196];
        x.AsSpan().Fill(double.PositiveInfinity);
        DropoutPrimitives.BlockDropout<double>(x, x, layout, mask, mask.DropRate.InvertedScale, Stream);

        var kept = new bool[196];
        for (int map = 0; map < 64 * 48; map += 17)
        {
            mask.Fill(Stream, map, kept);
            Assert.Equal(kept.Select(keep => keep ? double.PositiveInfinity : 0), x.Skip(map * 196).Take(196));
        }
    }

    [Fact]
    public void BlockDropout_WrongLength_IsRefused() => Assert.Throws<ArgumentException>(() =>
        DropoutPrimitives.BlockDropout<float>(new float[10], new float[10], new BlockLayout(1, 1), new BlockMask([9], [3], 0.3), 1, Stream));

    [Fact]
    public void BlockDropout_Empty_DoesNothing() =>
        DropoutPrimitives.BlockDropout<float>([], [], new BlockLayout(0, 3), new BlockMask([9], [3], 0.3), 1, Stream);

    [Fact]
    public void BlockDropout_SharedSamplesOfAnEmptyBatch_DoesNothing() =>
        DropoutPrimitives.BlockDropout<float>([], [], new BlockLayout(0, 3, ShareSamples: true), new BlockMask([9], [3], 0.3), 1, Stream);
}
