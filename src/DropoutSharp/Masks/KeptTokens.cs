namespace DropoutSharp;

/// <summary>Chooses exactly so many of a row of tokens, each subset of that size being equally likely.</summary>
/// <remarks>
/// The tokens with the smallest 32-bit draws of the stream's reals are kept; equal draws (one pair in 2³²) go to the lower index, so
/// that the answer is the same everywhere. Used by PatchDropout, and by stochastic depth with a fixed number of rows.
/// </remarks>
public static class KeptTokens
{
    /// <summary>How many of <paramref name="tokens"/> are kept: <c>max(1, ⌊tokens·keep⌋)</c>, or 0 where there is none.</summary>
    /// <param name="tokens">The number of tokens, at least 0.</param>
    /// <param name="dropRate">The share that is dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is negative.</exception>
    /// <remarks>
    /// The product is the exact one of the rate as written: 100 tokens at rate 0.9 keep 10, although the nearest double to 1 − 0.9 lies
    /// below 0.1 and plain arithmetic would keep 9.
    /// </remarks>
    public static int Count(int tokens, DropRate dropRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        const double Ulp = 1.0 / (1L << 52);
        int kept = (int)Math.Min(tokens, Math.Floor(tokens * (dropRate.KeepProbability + Ulp)));
        return Math.Max(kept, Math.Min(tokens, 1));
    }

    /// <summary>Chooses tokens of one row.</summary>
    /// <param name="stream">The position in the mask stream.</param>
    /// <param name="firstElement">The index of the row's first token in the whole (rows × tokens) mask.</param>
    /// <param name="tokens">The number of tokens of the row.</param>
    /// <param name="kept">Filled with the kept tokens' positions in the row, ascending; its length says how many.</param>
    /// <exception cref="ArgumentException"><paramref name="kept"/> is longer than <paramref name="tokens"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> or <paramref name="firstElement"/> is negative.</exception>
    public static void Choose(MaskStream stream, long firstElement, int tokens, Span<long> kept)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        if (kept.Length > tokens)
        {
            throw new ArgumentException($"Kept tokens must be at most {tokens}; received {kept.Length}.", nameof(kept));
        }

        if (kept.Length == tokens)
        {
            for (int token = 0; token < tokens; token++)
            {
                kept[token] = token;
            }

            return;
        }

        // A draw and its token in one integer sort by draw first and by token where draws are equal.
        var order = new ulong[tokens];
        for (int token = 0; token < tokens; token++)
        {
            long element = firstElement + token;
            uint draw = stream.Draw(MaskStream.Domain.Real, (ulong)element >> 2)[(int)(element & 3)];
            order[token] = ((ulong)draw << 32) | (uint)token;
        }

        Array.Sort(order);
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = (uint)order[i];
        }

        kept.Sort();
    }
}
