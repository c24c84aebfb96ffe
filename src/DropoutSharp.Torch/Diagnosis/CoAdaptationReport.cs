namespace DropoutSharp.Torch;

/// <summary>How much the units of a layer rely on each other; what <see cref="CoAdaptation.Measure"/> found.</summary>
public sealed record CoAdaptationReport
{
    /// <summary>The layer's path in the model.</summary>
    public required string Layer { get; init; }

    /// <summary>The number of its units.</summary>
    public required int Units { get; init; }

    /// <summary>How many of them vary over the data at all; the others are dead or constant and enter no correlation.</summary>
    public required int LiveUnits { get; init; }

    /// <summary>The mean of |ρ| over all pairs of live units, in [0, 1]; NaN with fewer than two.</summary>
    public required double MeanAbsoluteCorrelation { get; init; }

    /// <summary>
    /// How many uncorrelated units would spread their variance alike: <c>n² / Σ ρ²</c>, from 1 (all the same) to the number of live units; NaN without any.
    /// </summary>
    public required double EffectiveUnits { get; init; }

    /// <summary>The share of activations that are exactly 0, in [0, 1].</summary>
    public required double ShareOfZeros { get; init; }

    /// <summary>The mean activation.</summary>
    public required double MeanActivation { get; init; }

    /// <summary>Hoyer's sparsity of a row's activations, the mean over rows: 0 where all units are equally active, 1 where one is alone.</summary>
    public required double Sparsity { get; init; }

    /// <summary>Score against the share of deleted units, from 0 to 1.</summary>
    public required IReadOnlyList<DeletionPoint> DeletionCurve { get; init; }

    /// <summary>The area under the deletion curve (trapezoids): the score that is left when a share drawn uniformly from [0, 1] is deleted.</summary>
    public required double DeletionArea { get; init; }

    /// <summary><see cref="DeletionArea"/> divided by the score with nothing deleted: comparable between models; NaN where that score is not positive.</summary>
    public required double RelativeDeletionArea { get; init; }

    /// <summary>
    /// How much a unit's usefulness depends on which others are there: the share of the variance of usefulness that lies within units, over contexts,
    /// and not between units. 0: each unit is worth the same whoever is beside it. 1: what it is worth is decided by the others alone.
    /// NaN where no unit makes any difference.
    /// </summary>
    public required double ContextDependence { get; init; }
}
