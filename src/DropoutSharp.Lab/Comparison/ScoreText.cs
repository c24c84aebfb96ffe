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

    /// <summary>A score: a share in percent, anything else to three significant digits of the larger of it and what it is held against.</summary>
    public static string Value(string plainScore, double value, double against = 0) => plainScore == ScoreNames.Accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %")
        : Number(value, Math.Max(Math.Abs(value), Math.Abs(against)), 3);

    /// <summary>The two ends of an interval of a difference, to two significant digits of the larger.</summary>
    public static string Interval(string plainScore, double low, double high)
    {
        if (plainScore == ScoreNames.Accuracy)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{low * 100:+0.0;-0.0;0.0} to {high * 100:+0.0;-0.0;0.0} percentage points");
        }

        double larger = Math.Max(Math.Abs(low), Math.Abs(high));
        return $"{Signed(low)} to {Signed(high)}";

        string Signed(double value) => (value > 0 ? "+" : "") + Number(value, larger, 2);
    }

    /// <summary>A probability: three decimals, or below 0.001.</summary>
    public static string Probability(double value) =>
        value < 0.001 ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {value:0.000}");

    /// <summary>A rate.</summary>
    public static string Rate(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A confidence level in percent.</summary>
    public static string Level(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %");

    private static string Number(double value, double larger, int digits)
    {
        int decimals = larger > 0 && double.IsFinite(larger) ? Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(larger)), 0, 12) : 3;
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
