using System.Buffers;
using System.Runtime.InteropServices;

namespace DropoutSharp;

/// <summary>DropBlock on a stretch of a batch: of maps where each has its own mask and its own memory, of samples otherwise.</summary>
internal readonly unsafe struct BlockWork<T>(
    T* x, T* destination, BlockLayout layout, BlockMask mask, MaskLaw law, MaskStream stream, long firstMap, VectorWidth width) : IRangeWork
    where T : unmanaged
{
    /// <summary>The masks of so many cells are drawn together, if a map is not larger: their bits stay in the nearest cache.</summary>
    private const long CellsAtOnce = 1 << 14;

    /// <inheritdoc/>
    public void Invoke(long start, long end)
    {
        switch (layout)
        {
            case { ShareChannels: false, ChannelsLast: false }:
                Maps(start, end);
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
        long cells = mask.Cells, atOnce = Math.Clamp(CellsAtOnce / cells, 1, end - start);
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(Words(atOnce * cells));
        fixed (ulong* first = bits)
        {
            for (long map = start; map < end; map += atOnce)
            {
                long maps = Math.Min(atOnce, end - map);
                bits.AsSpan(0, Words(maps * cells)).Fill(ulong.MaxValue);
                for (long i = 0; i < maps; i++)
                {
                    mask.DropBits(stream, firstMap + map + i, first, i * cells);
                }

                MaskedRows.Row(x + (map * cells), destination + (map * cells), first, maps * cells, law, width);
            }
        }

        ArrayPool<ulong>.Shared.Return(bits);
    }

    /// <summary>Maps that lie one after the other and share the mask of their sample.</summary>
    private void SharedMaps(long start, long end)
    {
        long cells = mask.Cells;
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(Words(cells));
        fixed (ulong* first = bits)
        {
            for (long sample = start; sample < end; sample++)
            {
                Draw(first, sample);
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
        ulong[] bits = ArrayPool<ulong>.Shared.Rent(Words(cells));
        fixed (ulong* first = bits)
        {
            for (long sample = start; sample < end; sample++)
            {
                Draw(first, sample);
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
                kept.AsSpan(0, elements).Fill(1);
                for (int channel = 0; channel < channels; channel++)
                {
                    mask.Drop(stream, firstMap + (sample * channels) + channel, kept.AsSpan(channel, elements - channel), channels);
                }

                MaskedRows.Row(x + (sample * elements), destination + (sample * elements), first, elements, law, width);
            }
        }

        ArrayPool<byte>.Shared.Return(kept);
    }

    private void Draw(ulong* bits, long sample)
    {
        MemoryMarshal.CreateSpan(ref *bits, Words(mask.Cells)).Fill(ulong.MaxValue);
        mask.DropBits(stream, firstMap + sample, bits, 0);
    }

    private static bool IsKept(ulong* bits, int cell) => (bits[cell >> 6] >> (cell & 63) & 1) != 0;

    private static int Words(long bits) => checked((int)((bits + 63) / 64));
}
