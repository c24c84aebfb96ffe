namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How well a kind of uncertainty tells foreign rows from the model's own.</summary>
/// <param name="Uncertainty">Such as <c>mutual_information</c>.</param>
/// <param name="Auroc">The area under the receiver operating characteristic; ½ is chance.</param>
/// <param name="Fpr95">The share of foreign rows that pass where 95 % of the model's own rows do.</param>
public sealed record Detection(string Uncertainty, double Auroc, double Fpr95);
