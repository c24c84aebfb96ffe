using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Comparison;

/// <summary>The metrics of one epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">Mean training loss over the epoch, dropout on.</param>
/// <param name="ValidationLoss">Mean loss on the validation rows, dropout off.</param>
/// <param name="ValidationScore">Accuracy, or RMSE in the target's unit, on the validation rows.</param>
/// <param name="LearningRate">The learning rate at the epoch's end.</param>
public sealed record EpochMetrics(int Epoch, double TrainLoss, double ValidationLoss, double ValidationScore, double LearningRate)
{
    /// <summary>The drop rates that were learned by the epoch's end, one a site; null where none is learned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? LearnedRates { get; init; }
}
