namespace DropoutSharp.Torch;

/// <summary>Mask shapes that are given relative to an input's.</summary>
internal static class BroadcastShape
{
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
