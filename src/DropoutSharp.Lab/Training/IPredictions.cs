using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Training;

/// <summary>What a network predicts for the rows of one part, and how it is judged against their targets.</summary>
internal interface IPredictions
{
    /// <summary>Every score by name.</summary>
    IReadOnlyDictionary<string, double> Scores();

    /// <summary>A score's share of each row, such that their mean over the rows is the score, or its square for <c>rmse</c>; null where it has none.</summary>
    float[]? RowLosses(string score);

    /// <summary>What conformal prediction needs to know of each row: its nonconformity, and how unsure the prediction is.</summary>
    /// <param name="key">The key of the random parts of class sets.</param>
    (double[] Scores, double[] Uncertainties) Calibration(ulong key);

    /// <summary>The reliability diagram.</summary>
    IReadOnlyList<ReliabilityBin> Reliability();
}
