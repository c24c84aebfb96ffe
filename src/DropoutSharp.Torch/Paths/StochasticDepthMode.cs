namespace DropoutSharp.Torch;

/// <summary>For whom a residual branch is dropped, and what is computed of it.</summary>
public enum StochasticDepthMode
{
    /// <summary>One draw decides for the batch; a dropped branch is not run (Huang et al. 2016).</summary>
    Batch,

    /// <summary>A draw a row; the branch is run for all rows and its output dropped for some (timm's DropPath).</summary>
    Row,

    /// <summary>The draws of <see cref="Row"/>, but the branch is run for the kept rows only. The same result to rounding, unless rows of the branch see each other (BatchNorm).</summary>
    Subset,

    /// <summary>Exactly max(1, ⌊N·p⌋) of the N rows are kept, chosen evenly, and the branch is run for them only; kept rows are scaled by N over their number (DINOv2).</summary>
    FixedSubset,
}
