namespace DropoutSharp.Torch;

/// <summary>What pruning left of a layer.</summary>
/// <param name="Path">The names that lead to it, separated by dots.</param>
/// <param name="Weights">How many weights it has.</param>
/// <param name="Kept">How many are left.</param>
public sealed record PrunedLayer(string Path, long Weights, long Kept)
{
    /// <summary>The share of weights that is gone, in [0, 1].</summary>
    public double Sparsity => 1 - ((double)Kept / Weights);
}
