namespace DropoutSharp.Torch;

/// <summary>The features that a mask keeps for a number of rows.</summary>
/// <param name="Indices">The kept features, ascending.</param>
/// <param name="Count">How many features there are.</param>
/// <param name="Dimension">Which dimension of the tensor holds them.</param>
/// <param name="Run">How many neighbouring elements a feature has in that dimension: more than 1 where maps were flattened.</param>
internal sealed record KeptFeatures(int[] Indices, int Count, int Dimension, int Run = 1)
{
    /// <summary>Whether both keep the same features.</summary>
    public bool IsSame(KeptFeatures other) =>
        ReferenceEquals(this, other)
        || (Count == other.Count && Dimension == other.Dimension && Run == other.Run
            && (ReferenceEquals(Indices, other.Indices) || Indices.AsSpan().SequenceEqual(other.Indices)));

    /// <summary>The features that both keep.</summary>
    public KeptFeatures And(KeptFeatures other) => this with { Indices = [.. Indices.Intersect(other.Indices).Order()] };

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
}
