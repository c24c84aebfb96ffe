using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Pruning;

/// <summary>What pruning left of a saved model, and what it changed.</summary>
/// <param name="Layers">What is left of each sparse layer.</param>
/// <param name="Compression">Weights of the sparse layers for each that is left.</param>
/// <param name="UnitsLeft">The widths of the smaller dense network, from inputs to outputs; empty where the network is no chain of dense layers.</param>
/// <param name="DenseBytes">The size of all weights and biases before, in float32.</param>
/// <param name="CompressedBytes">The size of what is left: layers of the smaller network as compressed rows, and biases; null where there is no smaller network.</param>
/// <param name="LargestDifference">The largest difference of an output between the pruned network and the smaller one over the rows; null where there is nothing to compare.</param>
/// <param name="Score">What the score is: <c>accuracy</c> or <c>rmse</c>; null without rows.</param>
/// <param name="Before">The score before; null without rows.</param>
/// <param name="After">The score after; null without rows.</param>
/// <param name="Rows">How many rows judged; 0 for none.</param>
/// <param name="Model">The folder of the pruned model.</param>
public sealed record PrunedModel(
    IReadOnlyList<PrunedLayer> Layers, double Compression, IReadOnlyList<long> UnitsLeft, long DenseBytes, long? CompressedBytes, double? LargestDifference,
    string? Score, double? Before, double? After, int Rows, string Model);
