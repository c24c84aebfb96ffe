using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module that learns its own dropout and pays for it: its divergence from the prior belongs into the loss.</summary>
public interface ILearnedDropout
{
    /// <summary>The Kullback–Leibler divergence of the learned noise from its prior, in nats, up to a constant.</summary>
    /// <param name="lengthScale">The prior length scale ℓ of weights with a Gaussian prior of variance 1/ℓ²; positive. Scale-invariant priors do not use it.</param>
    /// <returns>A number with a gradient.</returns>
    Tensor Divergence(double lengthScale);

    /// <summary>What was learned, as a mean drop rate in [0, 1): for Gaussian noise of variance α, <c>α/(1 + α)</c>.</summary>
    double LearnedRate { get; }
}
