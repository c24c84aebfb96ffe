namespace DropoutSharp.Torch;

/// <summary>When a <see cref="ThinnedNetwork"/> leaves out what dropout drops.</summary>
public enum ThinningChoice
{
    /// <summary>Layer by layer where <see cref="ThinningCosts"/> say that it is faster.</summary>
    WhereFaster,

    /// <summary>Wherever it can be done.</summary>
    Always,

    /// <summary>Nowhere: the network runs the ordinary way.</summary>
    Never,
}
