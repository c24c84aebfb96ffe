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

    /// <summary>The tokens that a transformer begins with: (samples, tokens, features).</summary>
    Tokens,

    /// <summary>The attention weights of a transformer: (samples, heads, tokens, tokens).</summary>
    Attention,

    /// <summary>The output of a residual branch of a transformer, before it is added.</summary>
    BranchOutput,

    /// <summary>A residual branch as a whole.</summary>
    Path,

    /// <summary>The weights of a hidden dense layer.</summary>
    Weights,

    /// <summary>The blocks of a residual network, each as a whole.</summary>
    Blocks,
}
