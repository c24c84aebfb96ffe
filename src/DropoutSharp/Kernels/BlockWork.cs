using System.Buffers;

namespace DropoutSharp;

/// <summary>DropBlock on a stretch of a batch: of masks where each has memory of its own, of samples otherwise.</summary>
internal readonly unsafe struct BlockWork<T>(
    T* x, T* destination, BlockLayout layout, BlockMask mask, MaskLaw law, MaskStream stream, long firstMap, VectorWidth width, bool isByMap) : IRangeWork
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Invoke(long start, long end)
    {
        switch (layout)
        {
            case { ShareChannels: false, ChannelsLast: false, ShareSamples: false }:
                Maps(start, end);
                break;
            case { ShareChannels: false, ChannelsLast: false } when isByMap:
                SamplesMaps(start, end, 0, layout.Samples);
                break;
            case { ShareChannels: false, ChannelsLast: false }:
                SamplesMaps(0, layout.Channels, start, end);
                break;
            case { ShareChannels: true, ChannelsLast: false }:
                SharedMaps(start, end);
                break;
            case { ShareChannels: true }:
                SharedCells(start, end);
                break;
            default:
                Interleaved(start, end);
                break;
        }
    }

    /// <summary>Maps with a mask each, one after the other: their bits are one row.</summary>
    private void Maps(long start, long end)
    {
        long cells = mask.Cells;
        int atOnce = (int)Math.Min(mask.MapsAtOnce, end - start);
        bool isLarge = layout.Maps * cells * sizeof(T) >= Ahead.LeastBytes;
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(mask.Words(atOnce));
        fixed (ulong* first = bits)
        {
            for (long map = start; map < end; map += atOnce)
            {
                int maps = (int)Math.Min(atOnce, end - map);
                T* from = x + (map * cells), to = destination + (map * cells);
                Ahead ahead = isLarge ? new Ahead((byte*)from + Ahead.Distance, (byte*)to + Ahead.Distance) : default;
                mask.DrawBits(stream, firstMap + map, maps, first, width, ahead);
                MaskedRows.Row(from, to, first, maps * cells, law, width, isLarge);
            }
        }

        ArrayPool<ulong>.Shared.Return(bits);
    }

    /// <summary>Maps whose masks are those of all samples: masks are drawn once, as many as are best drawn together, and taken to each sample.</summary>
    private void SamplesMaps(long start, long end, long startSample, long endSample)
    {
        long cells = mask.Cells;
        int atOnce = (int)Math.Min(mask.MapsAtOnce, end - start);
        bool isLarge = layout.Samples * layout.Channels * cells * sizeof(T) >= Ahead.LeastBytes;
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(mask.Words(atOnce));
        fixed (ulong* first = bits)
        {
            for (long map = start; map < end; map += atOnce)
            {
                int maps = (int)Math.Min(atOnce, end - map);
                mask.DrawBits(stream, firstMap + map, maps, first, width);
                for (long sample = startSample; sample < endSample; sample++)
                {
                    long element = ((sample * layout.Channels) + map) * cells;
                    MaskedRows.Row(x + element, destination + element, first, maps * cells, law, width, isLarge);
                }
            }
        }

        ArrayPool<ulong>.Shared.Return(bits);
    }

    /// <summary>Maps that lie one after the other and share the mask of their sample.</summary>
    private void SharedMaps(long start, long end)
    {
        long cells = mask.Cells;
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(mask.Words(1));
        fixed (ulong* first = bits)
        {
            for (long sample = start; sample < end; sample++)
            {
                if (HasOwnMasks(sample, start))
                {
                    mask.DrawBits(stream, FirstMapOf(sample), 1, first, width);
                }

                for (long map = sample * layout.Channels; map < (sample + 1) * layout.Channels; map++)
                {
                    MaskedRows.Row(x + (map * cells), destination + (map * cells), first, cells, law, width);
                }
            }
        }

        ArrayPool<ulong>.Shared.Return(bits);
    }

    /// <summary>Cells whose channels lie together and share a decision: runs of neighbouring cells are kept or dropped as one.</summary>
    private void SharedCells(long start, long end)
    {
        int cells = mask.Cells, channels = layout.Channels;
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(mask.Words(1));
        fixed (ulong* first = bits)
        {
            for (long sample = start; sample < end; sample++)
            {
                if (HasOwnMasks(sample, start))
                {
                    mask.DrawBits(stream, FirstMapOf(sample), 1, first, width);
                }

                int next;
                for (int cell = 0; cell < cells; cell = next)
                {
                    bool kept = IsKept(first, cell);
                    for (next = cell + 1; next < cells && IsKept(first, next) == kept; next++)
                    {
                    }

                    long element = ((sample * cells) + cell) * channels;
                    MaskedRows.Run(x + element, destination + element, (long)(next - cell) * channels, kept, law, streams: false, width);
                }
            }
        }

        ArrayPool<ulong>.Shared.Return(bits);
    }

    /// <summary>Cells whose channels lie together and have masks of their own.</summary>
    private void Interleaved(long start, long end)
    {
        int channels = layout.Channels, elements = checked(mask.Cells * channels);
        byte[] kept = ArrayPool<byte>.Shared.Rent(elements);
        fixed (byte* first = kept)
        {
            for (long sample = start; sample < end; sample++)
            {
                if (HasOwnMasks(sample, start))
                {
                    kept.AsSpan(0, elements).Fill(1);
                    for (int channel = 0; channel < channels; channel++)
                    {
                        mask.Drop(stream, FirstMapOf(sample) + channel, kept.AsSpan(channel, elements - channel), channels);
                    }
                }

                MaskedRows.Row(x + (sample * elements), destination + (sample * elements), first, elements, law, width);
            }
        }

        ArrayPool<byte>.Shared.Return(kept);
    }

    /// <summary>Whether masks are drawn for a sample; those that all share, for the first of the stretch.</summary>
    private bool HasOwnMasks(long sample, long start) => !layout.ShareSamples || sample == start;

    private long FirstMapOf(long sample) => layout.ShareSamples ? firstMap : firstMap + (layout.ShareChannels ? sample : sample * layout.Channels);

    private static bool IsKept(ulong* bits, int cell) => (bits[cell >> 6] >> (cell & 63) & 1) != 0;
}
