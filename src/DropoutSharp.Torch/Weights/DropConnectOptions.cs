using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>How DropConnect draws, and what it computes in evaluation.</summary>
public sealed record DropConnectOptions
{
    /// <summary>Whether every row of a batch has its own mask of the weights, as in the paper, instead of one for the batch.</summary>
    /// <remarks>It takes the memory of one weight a row, and a product for each.</remarks>
    public bool PerSample { get; init; }

    /// <summary>Whether biases are dropped like weights, as in the paper.</summary>
    /// <remarks>A mask that the site is given covers the weights, and biases stay whole then; to repeat a pass with its biases, set the position.</remarks>
    public bool DropBias { get; init; }

    /// <summary>When kept weights are scaled.</summary>
    public Scaling Scaling { get; init; } = Scaling.Inverted;

    /// <summary>What is computed in evaluation.</summary>
    public DropConnectInference Inference { get; init; } = DropConnectInference.MeanWeights;

    /// <summary>How many Gaussian draws are averaged in evaluation with <see cref="DropConnectInference.GaussianMoments"/>; at least 1.</summary>
    public int Samples { get; init; } = 100;

    /// <summary>
    /// The activation behind the layer, applied in every mode as part of the module, so that its mean can be taken; null for none, and then both kinds of inference give the mean.
    /// </summary>
    public nn.Module<Tensor, Tensor>? Activation { get; init; }
}
