namespace DropoutSharp.Lab.Training;

/// <summary>The scores' names in results and files.</summary>
public static class ScoreNames
{
    /// <summary>The share of rows whose most probable class is the true one.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>The mean negative log-likelihood, in nats.</summary>
    public const string NegativeLogLikelihood = "nll";

    /// <summary>The Brier score of class probabilities.</summary>
    public const string Brier = "brier";

    /// <summary>The expected calibration error.</summary>
    public const string CalibrationError = "ece";

    /// <summary>The root mean squared error, in the target's unit.</summary>
    public const string RootMeanSquaredError = "rmse";

    /// <summary>The continuous ranked probability score, in the target's unit.</summary>
    public const string Crps = "crps";

    /// <summary>Comes before the name of a score of the Monte-Carlo mean.</summary>
    public const string MonteCarlo = "mc_";

    /// <summary>Comes before the name of a score on the validation rows.</summary>
    public const string Validation = "validation_";

    /// <summary>Whether more of a score is better.</summary>
    /// <param name="score">The score's name, with any prefix.</param>
    public static bool MoreIsBetter(string score) => score.EndsWith(Accuracy, StringComparison.Ordinal);
}
