namespace DropoutSharp.Torch;

/// <summary>The features that a mask keeps for a number of rows.</summary>
/// <remarks>Whether it pays to compute these alone is judged by the share that is expected; they are drawn for those who do it.</remarks>
/// <param name="Drawn">Draws the kept features, ascending.</param>
/// <param name="Share">Which share of the features is expected among them, in [0, 1].</param>
/// <param name="Count">How many features there are.</param>
/// <param name="Dimension">Which dimension of the tensor holds them.</param>
/// <param name="Run">How many neighbouring elements a feature has in that dimension: more than 1 where maps were flattened.</param>
internal sealed record KeptFeatures(Lazy<int[]> Drawn, double Share, int Count, int Dimension, int Run = 1)
{
    /// <summary>Features that are known.</summary>
    /// <param name="indices">The kept features, ascending.</param>
    /// <param name="count">How many features there are.</param>
    /// <param name="dimension">Which dimension of the tensor holds them.</param>
    public KeptFeatures(int[] indices, int count, int dimension)
        : this(new Lazy<int[]>(indices), ShareOf(indices, count), count, dimension)
    {
    }

    /// <summary>The kept features, ascending.</summary>
    public int[] Indices => Drawn.Value;

    /// <summary>Whether both keep the same features.</summary>
    public bool IsSame(KeptFeatures other) =>
        ReferenceEquals(this, other)
        || (Count == other.Count && Dimension == other.Dimension && Run == other.Run
            && (ReferenceEquals(Drawn, other.Drawn) || Indices.AsSpan().SequenceEqual(other.Indices)));

    /// <summary>The features that both keep.</summary>
    public KeptFeatures And(KeptFeatures other)
    {
        int[] both = [.. Indices.Intersect(other.Indices).Order()];
        return this with { Drawn = new Lazy<int[]>(both), Share = ShareOf(both, Count) };
    }

    /// <summary>Where these features lie among those of a wider set that has them all.</summary>
    public int[] PlacesIn(KeptFeatures wider)
    {
        int[] places = new int[Indices.Length];
        for (int i = 0, at = 0; i < places.Length; i++, at++)
        {
            while (wider.Indices[at] != Indices[i])
            {
                at++;
            }

            places[i] = at;
        }

        return places;
    }

    private static double ShareOf(int[] indices, int count) => indices.Length / (double)Math.Max(1, count);
}
