using System.Globalization;

namespace DropoutSharp.Lab.Claims;

/// <summary>Numbers and verdicts as people read them.</summary>
internal static class ClaimText
{
    // Differences of equal percentages leave some 1e-15.
    private const double Rounding = 1e-12;

    public static string Verdict(ClaimVerdict verdict) => verdict switch
    {
        ClaimVerdict.Holds => "holds",
        ClaimVerdict.DoesNotHold => "does not hold",
        _ => "undecided",
    };

    /// <summary>Three significant digits or so, without an exponent where one is not needed.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        string format = size < Rounding ? "0"
            : size is < 1e-3 or >= 1e6 ? "0.0E0"
            : size < 0.1 ? "0.0000"
            : size < 10 ? "0.000"
            : size < 100 ? "0.00"
            : size < 1000 ? "0.0" : "0";
        string text = double.IsInfinity(value) ? (value > 0 ? "∞" : "−∞") : (size < Rounding ? 0 : value).ToString(format, CultureInfo.InvariantCulture);
        if (text.Contains('.', StringComparison.Ordinal) && !text.Contains('E', StringComparison.Ordinal))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        return text.Replace('-', '−');
    }

    public static string Interval(Measurement measured)
    {
        string unit = measured.Unit.Length == 0 ? string.Empty : " " + measured.Unit;
        return measured.Seeds < 2 && measured.Low == measured.High
            ? $"{Number(measured.Mean)}{unit}"
            : $"{Number(measured.Mean)}{unit} [{Number(measured.Low)}, {Number(measured.High)}]";
    }
}
