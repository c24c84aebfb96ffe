using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Training;

/// <summary>A network with the weights of its best epoch, and how it got there. Owns the network.</summary>
/// <param name="Network">The network, in evaluation mode.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1; 0 where no epoch had a finite validation loss.</param>
/// <param name="Epochs">One an epoch.</param>
/// <param name="Seconds">Training time.</param>
public sealed record TrainedNetwork(Network Network, int BestEpoch, IReadOnlyList<EpochMetrics> Epochs, double Seconds) : IDisposable
{
    /// <summary>The drop rates of the kept weights, where they are learned; empty otherwise.</summary>
    public IReadOnlyList<LearnedRate> LearnedRates { get; } = [.. LearnedDropout.Rates(Network).Select(rate => new LearnedRate(rate.Path, rate.DropRate))];

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
