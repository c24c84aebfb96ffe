using System.Globalization;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports;

/// <summary>How the values of one score are written so that they can be compared down a column: the same number of decimals for all.</summary>
/// <param name="Score">The score.</param>
/// <param name="Decimals">Digits behind the point, of the value times <see cref="ScoreDescription.Factor"/>.</param>
public readonly record struct ScoreFormat(ScoreDescription Score, int Decimals)
{
    /// <summary>Enough decimals for two digits of the usual uncertainty; for four digits of the value where no uncertainty is known.</summary>
    /// <param name="score">The score.</param>
    /// <param name="summaries">The values that will stand below each other.</param>
    public static ScoreFormat For(ScoreDescription score, IEnumerable<ScoreSummary> summaries)
    {
        ArgumentNullException.ThrowIfNull(score);
        ScoreSummary[] all = [.. summaries];
        double? halfWidth = Median(all.Select(summary => score.Factor * (summary.High - summary.Low) / 2));
        double? size = Median(all.Select(summary => score.Factor * Math.Abs(summary.Mean)));
        int decimals = (halfWidth, size) switch
        {
            ({ } known, _) => 1 - Exponent(known),
            (null, { } known) => 3 - Exponent(known),
            _ => 2,
        };
        return new(score, Math.Clamp(decimals, 0, 6));

        static int Exponent(double value) => (int)Math.Floor(Math.Log10(value));
    }

    /// <summary>A value in the score's unit, without the unit.</summary>
    /// <param name="value">The value as it was measured.</param>
    public string Value(double value) => double.IsFinite(value)
        ? Minus((value * Score.Factor).ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
        : "–";

    /// <summary>Half of an interval's width with its sign before it, such as <c>±0.12</c>; empty where there is no interval.</summary>
    /// <param name="summary">The mean with its interval.</param>
    public string HalfWidth(ScoreSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.Seeds > 1 && double.IsFinite(summary.High - summary.Low) ? "±" + Value((summary.High - summary.Low) / 2) : string.Empty;
    }

    /// <summary>A difference with its sign, such as <c>−0.031</c>.</summary>
    /// <param name="value">The difference as it was measured.</param>
    public string Difference(double value) => (value > 0 ? "+" : string.Empty) + Value(value);

    private static string Minus(string text) =>
        text.AsSpan().IndexOfAnyExcept("-0.") < 0 ? text.TrimStart('-') : text.Replace('-', '−');

    private static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(static value => double.IsFinite(value) && value > 0).Order()];
        return sorted.Length == 0 ? null : sorted[sorted.Length / 2];
    }
}
