using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>What sparse variational dropout reached.</summary>
/// <param name="Data">What it was trained on.</param>
/// <param name="Epochs">How often each row was seen.</param>
/// <param name="TestError">The share of test rows that the network gets wrong with all its mean weights.</param>
/// <param name="PrunedTestError">The same after pruning.</param>
/// <param name="Compression">Weights for each that is left.</param>
/// <param name="Layers">What is left of each layer.</param>
/// <param name="UnitsLeft">The widths of the smaller dense network, from inputs to outputs.</param>
/// <param name="DenseBytes">The size of the weights that were trained, in float32.</param>
/// <param name="CompressedBytes">The size of what is left of the smaller network as compressed rows and biases.</param>
/// <param name="LargestDifference">The largest difference of a class score between the pruned network and the smaller one over the test rows.</param>
/// <param name="Seconds">Training time.</param>
public sealed record SparseNetworkResult(
    string Data, int Epochs, double TestError, double PrunedTestError, double Compression, IReadOnlyList<PrunedLayer> Layers, IReadOnlyList<long> UnitsLeft,
    long DenseBytes, long CompressedBytes, double LargestDifference, double Seconds);
