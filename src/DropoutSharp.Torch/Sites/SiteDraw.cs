using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a site draws in one forward pass.</summary>
/// <remarks><c>default</c> is no draw: the site is in evaluation mode.</remarks>
public readonly record struct SiteDraw
{
    /// <summary>Whether anything is drawn; false in evaluation mode.</summary>
    public bool IsStochastic { get; init; }

    /// <summary>The position of the mask.</summary>
    public MaskStream Stream { get; init; }

    /// <summary>The drop rate at the time of the draw.</summary>
    public DropRate DropRate { get; init; }

    /// <summary>Whether one mask is drawn for all rows (the first dimension) instead of one a row.</summary>
    public bool IsSharedByRows { get; init; }

    /// <summary>The index, in the whole data, of the input's first row; the mask starts there.</summary>
    public long FirstRow { get; init; }

    /// <summary>A mask that was given instead of drawn, or null.</summary>
    public Tensor? Mask { get; init; }
}
