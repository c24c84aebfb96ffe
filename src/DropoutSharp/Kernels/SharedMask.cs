using System.Buffers;

namespace DropoutSharp;

/// <summary>Walks a stretch of an input, drawing a window of the mask at a time and applying it to the runs or rows that share it.</summary>
/// <remarks>One thread's work. Any stretch gives what it would have given within the whole, because a mask element is a function of its index.</remarks>
internal unsafe ref struct SharedMask<T>
    where T : unmanaged
{
    // A window of whole groups of 128, short where few mask elements are needed, long where a row is used again and again.
    private const int ShortWindow = 1024;
    private const int LongWindow = 1 << 20;

    private readonly MaskShape _shape;
    private readonly DropRate _dropRate;
    private readonly MaskLaw _law;
    private readonly MaskStream _stream;
    private readonly long _firstMaskElement;
    private readonly bool _streams;
    private readonly bool _isLarge;
    private readonly VectorWidth _width;
    private readonly int _capacity;
    private long _windowStart;
    private long _windowEnd;

    public SharedMask(
        MaskShape shape, DropRate dropRate, MaskLaw law, MaskStream stream, long firstMaskElement, bool streams, VectorWidth width)
    {
        _shape = shape;
        _dropRate = dropRate;
        _law = law;
        _stream = stream;
        _firstMaskElement = firstMaskElement;
        _streams = streams;
        _isLarge = shape.InputElements * sizeof(T) >= Ahead.LeastBytes;
        _width = width;
        long longest = 0;
        foreach (MaskShape.Level level in shape.Levels)
        {
            longest = Math.Max(longest, level.MaskStride == 0 ? 0 : level.Size);
        }

        _capacity = (int)Math.Min(shape.MaskElements, Math.Clamp(longest, ShortWindow, LongWindow));
    }

    /// <summary>Applies the mask to the input's elements [start, end).</summary>
    public void Apply(T* x, T* destination, long start, long end)
    {
        MaskShape.Level[] levels = _shape.Levels;
        int inner = levels.Length - 1;
        if (inner < 0)
        {
            // All sizes are 1: one element, one mask element.
            MaskedRows.Run(x, destination, 1, _stream.IsKept(_firstMaskElement, _dropRate), _law, streams: false, _width);
            return;
        }

        Span<long> position = stackalloc long[levels.Length];
        long rest = start;
        for (int i = inner; i >= 0; i--)
        {
            (rest, position[i]) = Math.DivRem(rest, levels[i].Size);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(_capacity);
        fixed (byte* window = rented)
        {
            for (long element = start; element < end;)
            {
                long mask = 0;
                for (int i = 0; i <= inner; i++)
                {
                    mask += position[i] * levels[i].MaskStride;
                }

                long length = Math.Min(levels[inner].Size - position[inner], end - element);
                Draw(window, mask);
                if (levels[inner].MaskStride == 0)
                {
                    byte* decision = window + (mask - _windowStart);
                    long runs = inner == 0 ? 1 : EqualRuns(decision, levels[inner - 1].Size - position[inner - 1], _windowEnd - mask);
                    length = Math.Min(length + ((runs - 1) * levels[inner].Size), end - element);
                    MaskedRows.Run(x + element, destination + element, length, *decision != 0, _law, _streams, _width, _isLarge);
                }
                else
                {
                    length = Math.Min(length, _windowEnd - mask);
                    MaskedRows.Row(x + element, destination + element, window + (mask - _windowStart), length, _law, _width);
                }

                element += length;
                position[inner] += length;
                for (int i = inner; i > 0 && position[i] >= levels[i].Size; i--)
                {
                    (long whole, position[i]) = Math.DivRem(position[i], levels[i].Size);
                    position[i - 1] += whole;
                }
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>How many neighbouring runs, of so many and within the window, share the first one's decision: they are done as one.</summary>
    private static long EqualRuns(byte* decision, long runs, long drawn)
    {
        long most = Math.Min(runs, drawn), count = 1;
        while (count < most && decision[count] == *decision)
        {
            count++;
        }

        return count;
    }

    private void Draw(byte* window, long mask)
    {
        if (mask >= _windowStart && mask < _windowEnd)
        {
            return;
        }

        // A mask that fits as a whole is drawn once, from wherever the walk came in.
        _windowStart = _capacity == _shape.MaskElements ? 0 : mask;
        _windowEnd = Math.Min(_windowStart + _capacity, _shape.MaskElements);
        _stream.FillKept(window, _windowEnd - _windowStart, _dropRate, _firstMaskElement + _windowStart);
    }
}
