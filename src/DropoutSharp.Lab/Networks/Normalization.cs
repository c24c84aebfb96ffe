namespace DropoutSharp.Lab.Networks;

/// <summary>What normalises a hidden layer, between its weights and its activation.</summary>
public enum Normalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Batch normalisation (Ioffe and Szegedy 2015), which remembers the statistics of training: dropout before it shifts what it remembers.</summary>
    Batch,

    /// <summary>Layer normalisation (Ba, Kiros and Hinton 2016); over all maps of an image at once behind a convolution.</summary>
    Layer,

    /// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019), of dense layers alone.</summary>
    Rms,
}
