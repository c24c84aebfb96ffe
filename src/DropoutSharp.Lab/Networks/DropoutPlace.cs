namespace DropoutSharp.Lab.Networks;

/// <summary>What a dropout site of a network acts on.</summary>
public enum DropoutPlace
{
    /// <summary>The network's inputs.</summary>
    Input,

    /// <summary>The activations after a hidden dense layer.</summary>
    Hidden,

    /// <summary>The feature maps after a convolution: (samples, channels, height, width).</summary>
    FeatureMap,
}
