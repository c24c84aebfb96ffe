namespace DropoutSharp.Uncertainty;

/// <summary>Scores of predicted class probabilities against the true classes.</summary>
/// <remarks>
/// Probabilities are row-major, rows × classes; there is one label a row, so the number of classes follows. They must be in [0, 1] and sum to 1
/// within 0.01 in each row (logits are refused). Sums are taken in double precision whatever the type of the probabilities.
/// </remarks>
public static partial class ClassificationScores;
