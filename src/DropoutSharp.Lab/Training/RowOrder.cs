namespace DropoutSharp.Lab.Training;

/// <summary>The order in which an epoch visits the rows: a permutation that is a pure function of key and epoch.</summary>
internal static class RowOrder
{
    /// <summary>Fills a span with a permutation of 0 … length − 1, by Fisher and Yates's shuffle.</summary>
    public static void Shuffle(ulong key, int epoch, Span<long> destination)
    {
        MaskStream stream = new(key, (uint)epoch);
        for (int i = 0; i < destination.Length; i++)
        {
            int j = (int)(stream.Uniform(i) * (i + 1));
            destination[i] = destination[j];
            destination[j] = i;
        }
    }
}
