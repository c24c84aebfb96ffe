using System.Globalization;

namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>Maps values to coordinates, linearly or by their logarithm, and knows round values to mark.</summary>
internal sealed class Scale
{
    private readonly double _start;
    private readonly double _end;
    private IReadOnlyList<string>? _names;

    private Scale(double minimum, double maximum, bool isLogarithmic, IReadOnlyList<double> ticks)
    {
        Minimum = minimum;
        Maximum = maximum;
        IsLogarithmic = isLogarithmic;
        Ticks = ticks;
        _start = Transform(minimum);
        _end = Transform(maximum);
    }

    /// <summary>The value at the start of the axis.</summary>
    public double Minimum { get; }

    /// <summary>The value at the end of the axis.</summary>
    public double Maximum { get; }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Round values, rising.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A linear scale over all values.</summary>
    /// <param name="values">What must fit; those that are not finite are left out.</param>
    /// <param name="tickCount">About how many ticks.</param>
    /// <param name="tight">Whether the axis ends at the extreme values instead of at round ones beyond them.</param>
    public static Scale Linear(IEnumerable<double> values, int tickCount, bool tight = false)
    {
        (double low, double high) = Range(values);
        if (low == high)
        {
            double around = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - around, high + around);
        }

        double step = RoundStep((high - low) / Math.Max(1, tickCount));
        double first = Math.Floor(low / step + 1e-9);
        double last = Math.Ceiling(high / step - 1e-9);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        return tight
            ? new(low, high, false, [.. ticks.Where(tick => tick >= low - (step * 1e-6) && tick <= high + (step * 1e-6))])
            : new(ticks[0], ticks[^1], false, ticks);
    }

    /// <summary>A scale for values above zero that span more than a factor of fifteen; a linear one otherwise.</summary>
    /// <param name="values">What must fit.</param>
    /// <param name="tickCount">About how many ticks.</param>
    public static Scale LogarithmicWhereWide(IEnumerable<double> values, int tickCount)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        (double low, double high) = Range(finite);
        if (low <= 0 || high / low < 15)
        {
            return Linear(finite, tickCount);
        }

        // 1, 2, 5 a decade where there is room for them, else whole decades, else every second, ...
        int firstDecade = (int)Math.Floor(Math.Log10(low));
        int lastDecade = (int)Math.Ceiling(Math.Log10(high));
        int decades = lastDecade - firstDecade;
        double[] mantissas = decades * 2 <= tickCount ? [1, 2, 5] : decades <= tickCount ? [1, 3] : [1];
        int stride = Math.Max(1, (decades + tickCount - 1) / tickCount);
        double[] ticks = [.. Enumerable.Range(0, decades + 1).Where(i => i % stride == 0)
            .SelectMany(i => mantissas.Select(mantissa => mantissa * Math.Pow(10, firstDecade + i)))
            .Where(tick => tick >= low * 0.999 && tick <= high * 1.001)];
        return new(low / 1.1, high * 1.1, true, ticks);
    }

    /// <summary>A linear scale with given ends and ticks.</summary>
    /// <param name="minimum">The start.</param>
    /// <param name="maximum">The end.</param>
    /// <param name="ticks">The ticks, rising.</param>
    public static Scale Fixed(double minimum, double maximum, IReadOnlyList<double> ticks) => new(minimum, maximum, false, ticks);

    /// <summary>A scale of names: the first at 0, the next at 1, and so on.</summary>
    /// <param name="names">The names; at least one.</param>
    public static Scale Named(IReadOnlyList<string> names) =>
        new(-0.5, names.Count - 0.5, false, [.. Enumerable.Range(0, names.Count).Select(static i => (double)i)]) { _names = names };

    /// <summary>Where a value lies between the start (0) and the end (1).</summary>
    /// <param name="value">The value.</param>
    public double Fraction(double value) => Math.Clamp((Transform(value) - _start) / (_end - _start), -0.05, 1.05);

    /// <summary>A tick's text, with as many decimals as tell the ticks apart.</summary>
    /// <param name="tick">One of <see cref="Ticks"/>.</param>
    public string Label(double tick)
    {
        if (_names is not null)
        {
            return _names[(int)tick];
        }

        if (IsLogarithmic)
        {
            return tick is >= 1e-4 and < 1e6 ? tick.ToString("0.#####", CultureInfo.InvariantCulture) : tick.ToString("0E0", CultureInfo.InvariantCulture);
        }

        double largest = Ticks.Max(Math.Abs);
        double step = Ticks.Count > 1 ? Ticks[1] - Ticks[0] : Math.Max(Math.Abs(tick), 1);
        if (largest >= 1e6 || step < 1e-5)
        {
            return tick.ToString("0.###E0", CultureInfo.InvariantCulture).Replace('-', '−');
        }

        int decimals = 0;
        while (decimals < 6 && Ticks.Any(each => Math.Abs((each * Math.Pow(10, decimals)) - Math.Round(each * Math.Pow(10, decimals))) > 1e-6))
        {
            decimals++;
        }

        string text = tick.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAnyExcept("-0.") < 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low <= high ? (low, high) : (0, 1);
    }

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1.0001 => 1, <= 2.0001 => 2, <= 5.0001 => 5, _ => 10 };
    }

    private double Transform(double value) => IsLogarithmic ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
}
