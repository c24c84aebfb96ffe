namespace DropoutSharp;

/// <summary>Where in a network dropout is placed, as far as the recommended rate depends on it.</summary>
public enum LayerKind
{
    /// <summary>The inputs of a network: features or pixels.</summary>
    Input,

    /// <summary>The hidden units of a fully connected layer.</summary>
    FullyConnected,

    /// <summary>Single activations of a convolutional layer.</summary>
    Convolution,

    /// <summary>Whole feature maps of a convolutional layer (spatial dropout).</summary>
    FeatureMap,

    /// <summary>Contiguous regions of feature maps (DropBlock).</summary>
    FeatureBlock,

    /// <summary>The hidden units of a self-normalizing network (alpha dropout after SELU).</summary>
    SelfNormalizing,

    /// <summary>The weights of a fully connected layer (DropConnect).</summary>
    Weight,

    /// <summary>The inputs and states of a recurrent layer, one mask a sequence.</summary>
    Recurrent,

    /// <summary>The hidden-to-hidden weights of a recurrent layer (weight-dropped LSTM).</summary>
    RecurrentWeight,

    /// <summary>The cell state of a recurrent layer under zoneout.</summary>
    RecurrentCell,

    /// <summary>The hidden state of a recurrent layer under zoneout.</summary>
    RecurrentState,

    /// <summary>The rows of a word embedding.</summary>
    Embedding,

    /// <summary>Attention weights after the softmax.</summary>
    Attention,

    /// <summary>The output of a transformer's attention or feed-forward part, before it is added to the residual stream.</summary>
    TransformerResidual,

    /// <summary>The tokens of an image transformer (PatchDropout).</summary>
    Patch,

    /// <summary>The residual blocks of a ResNet: the rate of the last block.</summary>
    ResidualBlock,

    /// <summary>The residual branches of a vision transformer: the rate of the last block.</summary>
    TransformerPath,

    /// <summary>Whole layers of a transformer (LayerDrop).</summary>
    TransformerLayer,
}
