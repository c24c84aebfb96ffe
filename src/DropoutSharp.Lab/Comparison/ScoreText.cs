using System.Globalization;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Scores as a person reads them.</summary>
internal static class ScoreText
{
    /// <summary>The score's name.</summary>
    public static string Name(Scoring scoring) => (scoring.IsMonteCarlo ? "Monte-Carlo " : "") + scoring.PlainScore switch
    {
        ScoreNames.Accuracy => "accuracy",
        ScoreNames.Brier => "Brier score",
        _ => scoring.PlainScore.ToUpperInvariant(),
    };

    /// <summary>A score: a share in percent, anything else to four significant digits or three decimals.</summary>
    public static string Value(string plainScore, double value) => plainScore == ScoreNames.Accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %")
        : Number(value);

    /// <summary>The two ends of an interval of a difference.</summary>
    public static string Interval(string plainScore, double low, double high) => plainScore == ScoreNames.Accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"{low * 100:+0.0;-0.0;0.0} to {high * 100:+0.0;-0.0;0.0} percentage points")
        : $"{Signed(low)} to {Signed(high)}";

    /// <summary>A probability: three decimals, or below 0.001.</summary>
    public static string Probability(double value) =>
        value < 0.001 ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {value:0.000}");

    /// <summary>A rate.</summary>
    public static string Rate(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A confidence level in percent.</summary>
    public static string Level(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %");

    private static string Number(double value) =>
        Math.Abs(value) < 10 ? value.ToString("0.000", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Signed(double value) => (value > 0 ? "+" : "") + Number(value);
}
