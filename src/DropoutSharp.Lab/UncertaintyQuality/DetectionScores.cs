namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>The scores by which one kind of uncertainty tells foreign rows from the model's own.</summary>
/// <param name="Uncertainty">Its name, as in <see cref="Detection"/>.</param>
/// <param name="Own">The score of each row of the model's own.</param>
/// <param name="Foreign">The score of each foreign row.</param>
public sealed record DetectionScores(string Uncertainty, double[] Own, double[] Foreign);
