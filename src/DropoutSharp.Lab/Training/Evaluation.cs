using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Models;

namespace DropoutSharp.Lab.Training;

/// <summary>How a trained network did on rows that it has not learned from.</summary>
internal sealed record Evaluation
{
    /// <summary>Every score by name: on the test rows, and with <c>validation_</c> before the name on the validation rows; <c>mc_</c> marks the Monte-Carlo mean.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The reliability diagram of plain evaluation on the test rows.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The reliability diagram of the Monte-Carlo mean; empty where the network has no dropout.</summary>
    public required IReadOnlyList<ReliabilityBin> MonteCarloReliability { get; init; }

    /// <summary>The noise of a regression target in its own unit, as the validation rows show it; 0 for classification.</summary>
    public required NoiseDeviations Noise { get; init; }

    /// <summary>What intervals, class sets and abstentions go by: how far predictions were off on the test rows.</summary>
    public required ModelCalibration Calibration { get; init; }

    /// <summary>What is predicted for the test rows, by the Monte-Carlo mean where the network has dropout.</summary>
    public required IPredictions TestPredictions { get; init; }

    /// <summary>What is predicted for the test rows, plain.</summary>
    public required IPredictions PlainTestPredictions { get; init; }
}
