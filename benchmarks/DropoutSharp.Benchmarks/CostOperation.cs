namespace DropoutSharp.Benchmarks;

/// <summary>What is timed to find a constant of a cost model.</summary>
internal enum CostKind
{
    /// <summary>The three products of a linear layer's training step.</summary>
    Products,

    /// <summary>Kept weights are copied out of a matrix that comes from memory.</summary>
    Take,

    /// <summary>Kept weights are copied out of the same matrix again and again.</summary>
    Retake,

    /// <summary>Few rows are multiplied with kept weights where they lie, by each thread, in the same matrix again and again.</summary>
    Uncopied,

    /// <summary>A whole gradient is written from that of kept weights.</summary>
    Put,

    /// <summary>The gradient of kept weights is added to these.</summary>
    Add,

    /// <summary>All weights are stepped by a whole gradient.</summary>
    Step,

    /// <summary>Values go through an activation.</summary>
    Activate,

    /// <summary>A training step of a tiny network that is thinned.</summary>
    ThinnedStep,

    /// <summary>The same, not thinned.</summary>
    OrdinaryStep,

    /// <summary>Monte-Carlo passes of a tiny network with the kept units alone.</summary>
    ThinnedPasses,

    /// <summary>The same with all units.</summary>
    FullPasses,
}

/// <summary>The name of an operation that is timed.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Width">Inputs and outputs of the layer.</param>
/// <param name="Rows">How many rows go through it; 0 where it has no rows.</param>
internal readonly record struct CostOperation(CostKind Kind, int Width, int Rows = 0);
