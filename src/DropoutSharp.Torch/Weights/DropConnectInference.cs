namespace DropoutSharp.Torch;

/// <summary>What a DropConnect layer computes in evaluation.</summary>
public enum DropConnectInference
{
    /// <summary>The layer with its mean weights.</summary>
    MeanWeights,

    /// <summary>
    /// The mean of the activation over a Gaussian with the first two moments of each unit's input (Wan et al. 2013, section 4.2): closer to the average over all masks than the activation of the
    /// mean.
    /// </summary>
    GaussianMoments,
}
