namespace DropoutSharp.Torch;

/// <summary>A point of a deletion curve.</summary>
/// <param name="Share">The share of the layer's units that was deleted, in [0, 1].</param>
/// <param name="Score">Accuracy, or R² where the targets are numbers; the mean over the orders of deletion.</param>
public readonly record struct DeletionPoint(double Share, double Score);
