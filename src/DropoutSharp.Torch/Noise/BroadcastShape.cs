using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Mask shapes that are given relative to an input's.</summary>
internal static class BroadcastShape
{
    /// <summary>A mask shape that a module keeps; null where every element is drawn for itself.</summary>
    /// <exception cref="ArgumentException">A size is negative.</exception>
    public static long[]? Keep(ReadOnlySpan<long> maskShape) => maskShape.ContainsAnyInRange(long.MinValue, -1)
        ? throw new ArgumentException($"Mask shape must have sizes of 0 or more; received [{string.Join(", ", maskShape.ToArray())}].", nameof(maskShape))
        : maskShape.IsEmpty ? null : maskShape.ToArray();

    /// <summary>Whether a mask shape that a module keeps fits inputs of any number of rows, so that the mask's own is known for each.</summary>
    public static bool IsRelative(long[]? maskShape) => maskShape is null || Array.TrueForAll(maskShape, static size => size <= 1);

    /// <summary>The mask shape of a single call; null where every element is drawn for itself.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the shape does not broadcast to the input's.</exception>
    public static long[]? Of(ReadOnlySpan<long> maskShape, Tensor input) => Keep(maskShape) is long[] kept ? Resolve(kept, TensorMemory.Shape(input)) : null;

    /// <summary>The shape of a mask for an input, of the input's rank.</summary>
    /// <param name="maskShape">Sizes aligned with the input's last dimensions: 0 for the input's size, 1 to share, or the input's size itself.</param>
    /// <param name="inputShape">The input's shape.</param>
    /// <returns>Null where every element has its own draw.</returns>
    /// <exception cref="ArgumentException">The shape does not broadcast to the input's.</exception>
    public static long[]? Resolve(long[] maskShape, long[] inputShape)
    {
        int missing = inputShape.Length - maskShape.Length;
        bool fits = missing >= 0;
        long[] resolved = new long[inputShape.Length];
        Array.Fill(resolved, 1);
        for (int i = 0; fits && i < maskShape.Length; i++)
        {
            long size = inputShape[missing + i];
            resolved[missing + i] = maskShape[i] == 0 ? size : maskShape[i];
            fits = resolved[missing + i] == size || resolved[missing + i] == 1;
        }

        return !fits
            ? throw new ArgumentException(
                $"Mask shape must broadcast to the input's shape [{string.Join(", ", inputShape)}]; received [{string.Join(", ", maskShape)}].")
            : resolved.AsSpan().SequenceEqual(inputShape) ? null : resolved;
    }
}
