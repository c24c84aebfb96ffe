namespace DropoutSharp.Torch;

/// <summary>How Monte-Carlo passes are computed. All ways draw the same masks and agree to rounding.</summary>
public enum McExecution
{
    /// <summary>The fastest that a cost model finds for the model, the rows and the masks.</summary>
    Automatic,

    /// <summary>The whole model, once a pass: the definition that the other ways are held to.</summary>
    Plain,

    /// <summary>What no dropout comes before is computed once for all passes, the rest once a pass.</summary>
    Split,

    /// <summary>As <see cref="Split"/>, with several passes stacked along the rows, so that one product serves them: for small batches.</summary>
    Stacked,

    /// <summary>As <see cref="Split"/>, and units that a mask drops for all rows are not computed: products are of the kept units, or, of what all passes share, those with the dropped units are taken away from one with all. Needs masks shared by rows.</summary>
    Thinned,
}
