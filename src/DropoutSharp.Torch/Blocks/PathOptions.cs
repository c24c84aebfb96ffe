using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>How a building block drops its residual branches.</summary>
/// <param name="DropRate">The probability that a branch is dropped; see <see cref="DepthRates"/> for rates over the depth. 0 makes plain <see cref="Residual"/> blocks.</param>
/// <param name="Mode">For whom it is dropped, and what is computed.</param>
/// <param name="Scaling">When it is scaled.</param>
/// <param name="Seed">The key of the masks; null draws one from torch's own generator.</param>
/// <param name="Site">The number of the block's first branch; a second one has the next.</param>
public readonly record struct PathOptions(
    double DropRate = 0,
    StochasticDepthMode Mode = StochasticDepthMode.Row,
    Scaling Scaling = Scaling.Inverted,
    ulong? Seed = null,
    uint Site = 0)
{
    /// <summary>A residual block of a branch.</summary>
    /// <param name="branch">What is added to the input.</param>
    /// <param name="number">Which of the block's branches it is, from 0.</param>
    /// <param name="shortcut">What the input becomes before; null for itself.</param>
    internal nn.Module<Tensor, Tensor> Around(nn.Module<Tensor, Tensor> branch, uint number = 0, nn.Module<Tensor, Tensor>? shortcut = null) =>
        DropRate == 0
            ? new Residual(branch, shortcut)
            : new StochasticDepth(branch, DropRate, Mode, Scaling, shortcut, Seed, Site + number);
}
