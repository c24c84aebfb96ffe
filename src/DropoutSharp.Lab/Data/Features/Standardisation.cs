namespace DropoutSharp.Lab.Data;

/// <summary>Subtracting a mean and dividing by a standard deviation.</summary>
/// <param name="Mean">What is subtracted.</param>
/// <param name="Scale">What it is divided by; above 0.</param>
internal readonly record struct Standardisation(double Mean, double Scale)
{
    // Far beyond anything that training saw, and still far from where a network's float32 sums overflow.
    private const double Bound = 1e9;

    public bool IsValid => double.IsFinite(Mean) && double.IsFinite(Scale) && Scale > 0;

    /// <summary>Learns from numbers; the scale is 1 where they are all the same.</summary>
    public static Standardisation Fit(ReadOnlySpan<double> values)
    {
        double mean = Average(values, 1) is var plain && double.IsFinite(plain) ? plain : Average(values, values.Length);
        double spread = 0, squares = 0;
        foreach (double value in values)
        {
            spread = Math.Max(spread, Math.Abs(value / 2 - mean / 2));
        }

        foreach (double value in values)
        {
            // Divided by the largest first, so that no square overflows or vanishes.
            double part = (value / 2 - mean / 2) / spread;
            squares += part * part;
        }

        double scale = Math.Min(2 * spread * Math.Sqrt(squares / values.Length), double.MaxValue);
        return new Standardisation(mean, scale > Math.Abs(mean) * 1e-15 ? scale : 1);
    }

    public float Apply(double value) => (float)Math.Clamp((value - Mean) / Scale, -Bound, Bound);

    private static double Average(ReadOnlySpan<double> values, double divisor)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value / divisor;
        }

        return sum / (values.Length / divisor);
    }
}
