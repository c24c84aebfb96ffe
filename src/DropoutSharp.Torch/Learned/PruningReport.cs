namespace DropoutSharp.Torch;

/// <summary>What pruning left of a model.</summary>
/// <param name="Layers">One a variational layer.</param>
public sealed record PruningReport(IReadOnlyList<PrunedLayer> Layers)
{
    /// <summary>How many weights the variational layers have.</summary>
    public long Weights => Layers.Sum(layer => layer.Weights);

    /// <summary>How many are left.</summary>
    public long Kept => Layers.Sum(layer => layer.Kept);

    /// <summary>Weights for each that is left; ∞ where none is, 1 where the model has no variational layers.</summary>
    public double Compression => Weights == 0 ? 1 : (double)Weights / Kept;
}
