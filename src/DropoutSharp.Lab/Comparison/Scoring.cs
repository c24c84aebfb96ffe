using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>How one score is found in a trial and compared: by its name and direction.</summary>
/// <param name="Score">Such as <c>nll</c> or <c>mc_nll</c>.</param>
internal readonly record struct Scoring(string Score)
{
    /// <summary>Whether more is better.</summary>
    public bool MoreIsBetter => ScoreNames.MoreIsBetter(Score);

    /// <summary>The score without a mark of how it was predicted.</summary>
    public string PlainScore => IsMonteCarlo ? Score[ScoreNames.MonteCarlo.Length..] : Score;

    /// <summary>Whether it is one of the Monte-Carlo mean.</summary>
    public bool IsMonteCarlo => Score.StartsWith(ScoreNames.MonteCarlo, StringComparison.Ordinal);

    /// <summary>The scores that a task has.</summary>
    public static IReadOnlyList<string> NamesFor(LearningTask task) => task == LearningTask.Classification
        ? [ScoreNames.NegativeLogLikelihood, ScoreNames.Accuracy, ScoreNames.Brier, ScoreNames.CalibrationError]
        : [ScoreNames.NegativeLogLikelihood, ScoreNames.RootMeanSquaredError, ScoreNames.Crps, ScoreNames.CalibrationError];

    /// <summary>The scoring of a name.</summary>
    /// <exception cref="UserErrorException">The task has no such score.</exception>
    public static Scoring Parse(string name, LearningTask task)
    {
        IReadOnlyList<string> names = NamesFor(task);
        Scoring scoring = new(name);
        return names.Contains(scoring.PlainScore)
            ? scoring
            : throw new UserErrorException(
                $"Score to rank by must be one of {string.Join(", ", names)}, or one of these after {ScoreNames.MonteCarlo}; received {name}.");
    }

    /// <summary>The score on the test rows; plain where the network has no dropout to sample.</summary>
    public double OnTest(TrialResult trial) => trial.Scores.TryGetValue(Score, out double value) ? value : trial.Scores[PlainScore];

    /// <summary>The score on the validation rows.</summary>
    public double OnValidation(TrialResult trial) => trial.Scores.TryGetValue(ScoreNames.Validation + Score, out double value)
        ? value
        : trial.Scores[ScoreNames.Validation + PlainScore];

    /// <summary>A number that is lower where the score is better; what is no number comes last.</summary>
    public double Badness(double value) => double.IsNaN(value) ? double.PositiveInfinity : MoreIsBetter ? -value : value;

    /// <summary>Whether a difference of candidate minus none is a gain.</summary>
    public bool IsGain(double difference) => Badness(difference) < 0;
}
