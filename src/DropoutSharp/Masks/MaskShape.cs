namespace DropoutSharp;

/// <summary>
/// Which elements of an input share one element of a mask: the one mechanism behind masks per row, per channel, per sequence, per batch
/// and per element.
/// </summary>
/// <remarks>
/// The mask is held in row-major order over its own shape and is never expanded to the input's: the number of draws is
/// <see cref="MaskElements"/>, however large the input is.
/// </remarks>
public sealed class MaskShape
{
    private readonly long[] _inputShape;
    private readonly long[] _shape;

    /// <summary>A mask shape over an input.</summary>
    /// <param name="inputShape">The input's shape.</param>
    /// <param name="maskShape">
    /// The mask's shape, aligned with the input's last dimensions: in each dimension 0 or the input's size for a mask of its own for each
    /// position, or 1 for one that is shared by all positions. Missing leading dimensions are shared.
    /// </param>
    /// <exception cref="ArgumentException">A size is neither 0, 1 nor the input's, or the mask has more dimensions than the input.</exception>
    public MaskShape(ReadOnlySpan<long> inputShape, ReadOnlySpan<long> maskShape)
    {
        int shared = inputShape.Length - maskShape.Length;
        if (shared < 0)
        {
            throw new ArgumentException(
                $"Mask shape must have at most the input's {inputShape.Length} dimensions; received {Text(maskShape)}.", nameof(maskShape));
        }

        _inputShape = inputShape.ToArray();
        _shape = new long[inputShape.Length];
        Array.Fill(_shape, 1);
        for (int i = 0; i < maskShape.Length; i++)
        {
            long size = inputShape[shared + i], wanted = maskShape[i];
            if (size < 0 || (wanted != 0 && wanted != 1 && wanted != size))
            {
                throw new ArgumentException(
                    $"Mask shape must be 0, 1 or the input's size in each of the input's dimensions {Text(inputShape)}; received {Text(maskShape)}.",
                    nameof(maskShape));
            }

            _shape[shared + i] = wanted == 0 ? size : wanted;
        }

        InputElements = Product(_inputShape);
        MaskElements = InputElements == 0 ? 0 : Product(_shape);
        Levels = Merge(_inputShape, _shape);
    }

    /// <summary>A mask with a position of its own along some dimensions of the input, shared along all others.</summary>
    /// <param name="inputShape">The input's shape.</param>
    /// <param name="dimensions">The dimensions, from 0; negative ones count from the end.</param>
    /// <exception cref="ArgumentException">A dimension is not the input's.</exception>
    public static MaskShape Along(ReadOnlySpan<long> inputShape, params ReadOnlySpan<int> dimensions)
    {
        Span<long> mask = stackalloc long[inputShape.Length];
        mask.Fill(1);
        foreach (int dimension in dimensions)
        {
            int index = dimension < 0 ? dimension + inputShape.Length : dimension;
            if (index < 0 || index >= inputShape.Length)
            {
                throw new ArgumentException(
                    $"Dimension must be one of the input's {inputShape.Length}; received {dimension}.", nameof(dimensions));
            }

            mask[index] = 0;
        }

        return new MaskShape(inputShape, mask);
    }

    /// <summary>The input's shape.</summary>
    public ReadOnlySpan<long> InputShape => _inputShape;

    /// <summary>The mask's shape, with as many dimensions as the input: in each 1 or the input's size.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of the input's elements.</summary>
    public long InputElements { get; }

    /// <summary>The number of the mask's elements, at most <see cref="InputElements"/>.</summary>
    public long MaskElements { get; }

    /// <summary>Whether every element of the input has a mask element of its own.</summary>
    public bool IsElementwise => MaskElements == InputElements;

    /// <summary>How many neighbouring elements of a contiguous input share one mask element: 1 where the last dimension has its own.</summary>
    public long RunLength => Levels.Length > 0 && Levels[^1].MaskStride == 0 ? Levels[^1].Size : 1;

    /// <summary>The mask element of an input element.</summary>
    /// <param name="element">The element's index in the contiguous input, in [0, <see cref="InputElements"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="element"/> is not the input's.</exception>
    public long MaskElement(long element)
    {
        if (element < 0 || element >= InputElements)
        {
            throw new ArgumentOutOfRangeException(
                nameof(element), element, $"Element must be in [0, {InputElements}); received {element}.");
        }

        long mask = 0;
        for (int i = Levels.Length - 1; i >= 0; i--)
        {
            (element, long position) = Math.DivRem(element, Levels[i].Size);
            mask += position * Levels[i].MaskStride;
        }

        return mask;
    }

    /// <summary>
    /// The dimensions, outermost first, after leaving out those of size 1 and merging neighbours that are both shared or both not:
    /// own and shared levels alternate.
    /// </summary>
    internal Level[] Levels { get; }

    private static Level[] Merge(ReadOnlySpan<long> input, ReadOnlySpan<long> mask)
    {
        var levels = new List<Level>();
        long stride = 1;
        for (int i = input.Length - 1; i >= 0; i--)
        {
            if (input[i] == 1)
            {
                continue;
            }

            long maskStride = mask[i] == 1 ? 0 : stride;
            stride *= mask[i];
            if (levels.Count > 0 && levels[^1].MaskStride == 0 == (maskStride == 0))
            {
                levels[^1] = levels[^1] with { Size = levels[^1].Size * input[i] };
            }
            else
            {
                levels.Add(new Level(input[i], maskStride));
            }
        }

        levels.Reverse();
        return [.. levels];
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product = checked(product * size);
        }

        return product;
    }

    private static string Text(ReadOnlySpan<long> sizes) => "(" + string.Join(", ", sizes.ToArray()) + ")";

    /// <summary>One merged dimension.</summary>
    /// <param name="Size">The number of positions of the input.</param>
    /// <param name="MaskStride">How far the mask moves from one position to the next: 0 where it is shared.</param>
    internal readonly record struct Level(long Size, long MaskStride);
}
