namespace DropoutSharp.Lab.Literature;

/// <summary>How the sparse network is trained.</summary>
/// <param name="Epochs">How often each row is seen; at least 1.</param>
/// <param name="WarmUpEpochs">Over how many epochs the divergence grows to its full weight.</param>
/// <param name="BatchSize">Rows a step.</param>
/// <param name="LearningRate">Adam's step size at first; it falls to zero in a straight line.</param>
/// <param name="Seed">Decides first weights, order of rows and noise.</param>
public sealed record SparseNetworkOptions(
    int Epochs = 40, int WarmUpEpochs = 15, int BatchSize = 400, double LearningRate = 2e-3, ulong Seed = 0);
