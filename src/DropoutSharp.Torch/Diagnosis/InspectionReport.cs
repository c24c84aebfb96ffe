namespace DropoutSharp.Torch;

/// <summary>What <see cref="ModelInspector"/> found in a model.</summary>
/// <param name="Sites">Every dropout site.</param>
/// <param name="Shifts">Every pair of a site and a normalisation layer that it reaches.</param>
/// <param name="Findings">What it means, warnings first.</param>
public sealed record InspectionReport(
    IReadOnlyList<InspectedSite> Sites, IReadOnlyList<VarianceShift> Shifts, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether there is any warning.</summary>
    public bool HasWarnings => Findings.Any(finding => finding.Severity == FindingSeverity.Warning);
}
