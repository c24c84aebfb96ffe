using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Inspection;

/// <summary>Everything that an inspection found, as it is written as JSON.</summary>
/// <param name="Sites">Every dropout site.</param>
/// <param name="Shifts">Every pair of a site and a normalisation layer that it reaches.</param>
/// <param name="Findings">What it means, warnings first.</param>
/// <param name="HasWarnings">Whether there is any warning.</param>
/// <param name="WeightScaling">How far weight scaling is from the average that it stands for; null where that was not asked.</param>
/// <param name="CoAdaptation">How much units rely on each other, here and in another model; null where that was not asked.</param>
public sealed record InspectionResult(
    IReadOnlyList<InspectedSite> Sites,
    IReadOnlyList<VarianceShift> Shifts,
    IReadOnlyList<Finding> Findings,
    bool HasWarnings,
    WeightScalingReport? WeightScaling,
    CoAdaptationPair? CoAdaptation);
