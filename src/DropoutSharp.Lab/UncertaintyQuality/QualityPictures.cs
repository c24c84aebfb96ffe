using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>The figures of the pictures of a page.</summary>
/// <param name="PlainReliability">The reliability diagram of weight scaling.</param>
/// <param name="Reliability">The reliability diagram of the Monte-Carlo mean.</param>
/// <param name="PlainRisk">Risk against coverage of weight scaling.</param>
/// <param name="Risk">Risk against coverage of Monte-Carlo dropout.</param>
/// <param name="OwnScores">The epistemic uncertainty of each row.</param>
/// <param name="ForeignScores">The epistemic uncertainty of each foreign row; empty where there are none.</param>
public sealed record QualityPictures(
    IReadOnlyList<CalibrationBin> PlainReliability, IReadOnlyList<CalibrationBin> Reliability, IReadOnlyList<RiskCoveragePoint> PlainRisk,
    IReadOnlyList<RiskCoveragePoint> Risk, double[] OwnScores, double[] ForeignScores)
{
    /// <summary>The scores behind each of <see cref="QualityResult.Foreign"/>.</summary>
    public IReadOnlyList<DetectionScores> Detections { get; init; } = [];
}
