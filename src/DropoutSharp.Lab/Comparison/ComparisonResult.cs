namespace DropoutSharp.Lab.Comparison;

/// <summary>What a comparison found: the data, one entry a variant and rate, and the answer.</summary>
public sealed record ComparisonResult
{
    /// <summary>What was compared on.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>The network that was trained, the same for every candidate but for its dropout.</summary>
    public required NetworkSummary Network { get; init; }

    /// <summary>Every variant at every rate; "none" comes first.</summary>
    public required IReadOnlyList<CandidateResult> Candidates { get; init; }

    /// <summary>The answer; null where the comparison was stopped before it could be given.</summary>
    public required Verdict? Verdict { get; init; }

    /// <summary>Held-out rows about which the recommended model is least sure, the least sure first.</summary>
    public required IReadOnlyList<UnsureExample> UnsureExamples { get; init; }

    /// <summary>Whether every candidate and seed was trained.</summary>
    public required bool Complete { get; init; }

    /// <summary>How long the comparison took, in seconds, without time that was spent before a resume.</summary>
    public required double Seconds { get; init; }

    /// <summary>The confidence level of every interval, such as 0.95.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>The score by which candidates are ranked, such as <c>nll</c>.</summary>
    public required string RankedBy { get; init; }

    /// <summary>What else a person needs to run it again, in words: name and value, such as <c>Batch size</c> and <c>128</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];
}

/// <summary>The data of a comparison in numbers.</summary>
/// <param name="Name">What the data is called.</param>
/// <param name="Task"><c>classification</c> or <c>regression</c>.</param>
/// <param name="Target">The target column.</param>
/// <param name="Classes">The classes; empty for regression.</param>
/// <param name="TrainRows">Rows learned from.</param>
/// <param name="ValidationRows">Rows that decide when to stop and which rate is best.</param>
/// <param name="TestRows">Held-out rows.</param>
/// <param name="Shape">The shape of one encoded row.</param>
/// <param name="Notes">One sentence each about what was done to the data.</param>
public sealed record DataSummary(
    string Name, string Task, string Target, IReadOnlyList<string> Classes, int TrainRows, int ValidationRows, int TestRows,
    IReadOnlyList<int> Shape, IReadOnlyList<string> Notes);

/// <summary>The network of a comparison in words and numbers.</summary>
/// <param name="Kind">Such as <c>mlp</c> or <c>cnn</c>.</param>
/// <param name="Description">Its layers in one line.</param>
/// <param name="Parameters">The number of trained numbers.</param>
/// <param name="Activation">Such as <c>relu</c>.</param>
public sealed record NetworkSummary(string Kind, string Description, long Parameters, string Activation);

/// <summary>A variant at a rate, over all seeds.</summary>
public sealed record CandidateResult
{
    /// <summary>The variant's identifier as on the command line, such as <c>dropout</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>The variant's name for people, such as <c>Dropout</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The drop rate, in [0, 1).</summary>
    public required double DropRate { get; init; }

    /// <summary>One a seed that was trained.</summary>
    public required IReadOnlyList<TrialResult> Trials { get; init; }

    /// <summary>Every score's mean and interval over the seeds, by name; Monte-Carlo ones are prefixed with <c>mc_</c>.</summary>
    /// <remarks>
    /// Classification: <c>accuracy, nll, brier, ece</c>; regression: <c>rmse, nll, crps, ece</c> (of central intervals). In the target's
    /// own unit. On the test rows; <c>validation_</c> before the ranked score is the one on the validation rows.
    /// </remarks>
    public required IReadOnlyDictionary<string, ScoreSummary> Scores { get; init; }

    /// <summary>Training time of one seed, in seconds.</summary>
    public required ScoreSummary TrainingSeconds { get; init; }

    /// <summary>The paired comparison with "none" over seeds; null for "none" itself and where fewer than two seeds are there.</summary>
    public required PairedTest? AgainstNone { get; init; }
}

/// <summary>The mean of a score over seeds with its confidence interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The interval's lower end; the mean itself where there is one seed.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Seeds">How many seeds.</param>
public sealed record ScoreSummary(double Mean, double Low, double High, int Seeds);

/// <summary>A paired test of a candidate against "none" over seeds, in the ranked score.</summary>
/// <param name="Score">The score that was tested.</param>
/// <param name="MeanDifference">Candidate minus none; negative is better for a score of which less is better.</param>
/// <param name="Low">The confidence interval's lower end.</param>
/// <param name="High">The confidence interval's upper end.</param>
/// <param name="PValue">Two-sided, uncorrected.</param>
/// <param name="CorrectedPValue">Corrected for the number of variants that were tested (Holm 1979).</param>
public sealed record PairedTest(string Score, double MeanDifference, double Low, double High, double PValue, double CorrectedPValue);

/// <summary>The answer of a comparison.</summary>
/// <param name="Sentence">What to use and how certain that is, or that nothing helped.</param>
/// <param name="Variant">The recommended variant's identifier; <c>none</c> where nothing helped.</param>
/// <param name="DropRate">Its rate.</param>
/// <param name="Helps">Whether it beats "none" beyond doubt at the comparison's level.</param>
public sealed record Verdict(string Sentence, string Variant, double DropRate, bool Helps);

/// <summary>One training of one candidate.</summary>
public sealed record TrialResult
{
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Training time, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The epoch whose weights were kept, counted from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>One an epoch.</summary>
    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>Every score by name, as in <see cref="CandidateResult.Scores"/>.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The reliability diagram of plain evaluation.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The reliability diagram of the Monte-Carlo mean; empty where the candidate has no dropout.</summary>
    public required IReadOnlyList<ReliabilityBin> MonteCarloReliability { get; init; }
}

/// <summary>The metrics of one epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">Mean training loss over the epoch, dropout on.</param>
/// <param name="ValidationLoss">Mean loss on the validation rows, dropout off.</param>
/// <param name="ValidationScore">Accuracy, or RMSE in the target's unit, on the validation rows.</param>
/// <param name="LearningRate">The learning rate at the epoch's end.</param>
public sealed record EpochMetrics(int Epoch, double TrainLoss, double ValidationLoss, double ValidationScore, double LearningRate);

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Stated">Classification: the mean confidence of the bin; regression: the nominal coverage of a central interval.</param>
/// <param name="Observed">Classification: the accuracy in the bin; regression: the share of targets inside that interval.</param>
/// <param name="Count">How many rows; bins without rows are left out.</param>
public sealed record ReliabilityBin(double Stated, double Observed, int Count);

/// <summary>A held-out row about which a model is unsure.</summary>
public sealed record UnsureExample
{
    /// <summary>Where it stands in the data set, counted from 0.</summary>
    public required int Row { get; init; }

    /// <summary>The true class or value.</summary>
    public required string Truth { get; init; }

    /// <summary>The predicted class or mean.</summary>
    public required string Prediction { get; init; }

    /// <summary>Classification: the predicted class's probability; regression: NaN.</summary>
    public required double Confidence { get; init; }

    /// <summary>Classification: mutual information in nats; regression: the epistemic standard deviation in the target's unit.</summary>
    public required double Epistemic { get; init; }

    /// <summary>Classification: expected entropy in nats; regression: the aleatoric standard deviation in the target's unit.</summary>
    public required double Aleatoric { get; init; }

    /// <summary>An image's values in [0, 1], row-major by channel; null for a table.</summary>
    public float[]? Pixels { get; init; }

    /// <summary>An image's shape: channels, height, width; null for a table.</summary>
    public IReadOnlyList<int>? PixelShape { get; init; }

    /// <summary>A table row's columns and values as text; null for images.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Fields { get; init; }
}
