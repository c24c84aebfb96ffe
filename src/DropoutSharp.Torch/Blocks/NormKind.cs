namespace DropoutSharp.Torch;

/// <summary>How a block normalises what enters a branch.</summary>
public enum NormKind
{
    /// <summary>Layer normalisation (Ba, Kiros and Hinton 2016).</summary>
    LayerNorm,

    /// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019).</summary>
    RMSNorm,
}
