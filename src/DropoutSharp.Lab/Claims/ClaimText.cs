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

    /// <summary>The mean and its interval, to a hundredth of the interval's width, so that ends which differ also read differently.</summary>
    public static string Interval(Measurement measured)
    {
        string unit = measured.Unit.Length == 0 ? string.Empty : " " + measured.Unit;
        double width = measured.High - measured.Low;
        if (measured.Seeds < 2 && width == 0)
        {
            return $"{Number(measured.Mean)}{unit}";
        }

        Func<double, string> text = width is > Rounding and < 1e6 ? value => Fixed(value, Decimals(width)) : Number;
        return $"{text(measured.Mean)}{unit} [{text(measured.Low)}, {text(measured.High)}]";
    }

    private static int Decimals(double width) => Math.Clamp(1 - (int)Math.Floor(Math.Log10(width)), 0, 12);

    private static string Fixed(double value, int decimals)
    {
        string text = Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture);
        return (text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text).Replace('-', '−');
    }
}
