namespace DropoutSharp;

/// <summary>Where in a network dropout is placed, as far as the recommended rate depends on it.</summary>
public enum LayerKind
{
    /// <summary>The inputs of a network: features or pixels.</summary>
    /// <remarks>Dropout 0.2. Srivastava et al. 2014, appendix A.4: real-valued inputs are kept with probability 0.8.</remarks>
    Input,

    /// <summary>The hidden units of a fully connected layer.</summary>
    /// <remarks>Dropout 0.5. Srivastava et al. 2014: hidden units are kept with probability 0.5 (appendix A.4: 0.5 to 0.8).</remarks>
    FullyConnected,

    /// <summary>Single activations of a convolutional layer.</summary>
    /// <remarks>Dropout 0.25. Srivastava et al. 2014, the SVHN network: the first two of three convolutions are kept with probability 0.75, the third with 0.5.</remarks>
    Convolution,

    /// <summary>Whole feature maps of a convolutional layer (spatial dropout).</summary>
    /// <remarks>SpatialDropout2d 0.2. Tompson et al. 2015 introduce dropping whole maps; 0.2 is a cautious start, since a map is a large unit.</remarks>
    FeatureMap,

    /// <summary>Contiguous regions of feature maps (DropBlock).</summary>
    /// <remarks>DropBlock2d 0.1. Ghiasi et al. 2018: blocks of 7 in the last two groups of ResNet-50, the keep probability falling from 1 to 0.9 over the training.</remarks>
    FeatureBlock,

    /// <summary>The hidden units of a self-normalizing network (alpha dropout after SELU).</summary>
    /// <remarks>AlphaDropout 0.05. Klambauer et al. 2017: rates of 0.05 and 0.10 work well.</remarks>
    SelfNormalizing,

    /// <summary>The weights of a fully connected layer (DropConnect).</summary>
    /// <remarks>DropConnect 0.5. Wan et al. 2013: half of the weights.</remarks>
    Weight,

    /// <summary>The inputs and states of a recurrent layer, one mask a sequence.</summary>
    /// <remarks>LockedDropout 0.25. Merity et al. 2018: between the layers of a three-layer LSTM on Penn Treebank (0.4 on its inputs and its output).</remarks>
    Recurrent,

    /// <summary>The hidden-to-hidden weights of a recurrent layer (weight-dropped LSTM).</summary>
    /// <remarks>WeightDrop 0.5. Merity et al. 2018: half of the hidden-to-hidden weights.</remarks>
    RecurrentWeight,

    /// <summary>The cell state of a recurrent layer under zoneout.</summary>
    /// <remarks>Zoneout 0.5. Krueger et al. 2017: cell states on characters of Penn Treebank.</remarks>
    RecurrentCell,

    /// <summary>The hidden state of a recurrent layer under zoneout.</summary>
    /// <remarks>Zoneout 0.05. Krueger et al. 2017: hidden states on characters of Penn Treebank.</remarks>
    RecurrentState,

    /// <summary>The rows of a word embedding.</summary>
    /// <remarks>EmbeddingDropout 0.1. Merity et al. 2018: a tenth of the words of each batch.</remarks>
    Embedding,

    /// <summary>Attention weights after the softmax.</summary>
    /// <remarks>AttentionDropout 0.1. Devlin et al. 2019: BERT drops attention probabilities like all else; the paper of Vaswani et al. 2017 drops elsewhere only.</remarks>
    Attention,

    /// <summary>The output of a transformer's attention or feed-forward part, before it is added to the residual stream.</summary>
    /// <remarks>Dropout 0.1. Vaswani et al. 2017, section 5.4: the base model.</remarks>
    TransformerResidual,

    /// <summary>The tokens of an image transformer (PatchDropout).</summary>
    /// <remarks>PatchDropout 0.5. Liu et al. 2022: half of the tokens at little or no loss of accuracy.</remarks>
    Patch,

    /// <summary>The residual blocks of a ResNet: the rate of the last block.</summary>
    /// <remarks>StochasticDepth 0.5. Huang et al. 2016: the last of 54 blocks, falling linearly to the first (DepthRates.Linear).</remarks>
    ResidualBlock,

    /// <summary>The residual branches of a vision transformer: the rate of the last block.</summary>
    /// <remarks>StochasticDepth 0.1. Touvron et al. 2021 (DeiT), table 9: the rate of the last block, rising from 0 at the first (DepthRates.FromFirst).</remarks>
    TransformerPath,

    /// <summary>Whole layers of a transformer (LayerDrop).</summary>
    /// <remarks>LayerDrop 0.2. Fan et al. 2020: a fifth of the layers.</remarks>
    TransformerLayer,
}
