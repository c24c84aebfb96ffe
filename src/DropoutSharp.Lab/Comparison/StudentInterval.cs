using MathNet.Numerics.Distributions;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Student's t for the mean of a few numbers: its confidence interval, and how likely a mean as far from 0 is by chance.</summary>
/// <remarks><c>mean ± t(n−1; ½ + level/2)·s/√n</c> with the sample standard deviation <c>s</c> (Student 1908).</remarks>
public readonly record struct StudentInterval
{
    private StudentInterval(double mean, double standardError, int count, double level)
    {
        (Mean, StandardError, Count) = (mean, standardError, count);
        if (count < 2)
        {
            (Low, High, PValue) = (mean, mean, double.NaN);
        }
        else if (!(standardError > 0))
        {
            // All numbers are equal: either exactly 0, or beyond any chance under a law with density.
            (Low, High, PValue) = (mean, mean, mean == 0 ? 1 : double.IsNaN(standardError) ? double.NaN : 0);
        }
        else
        {
            double reach = StudentT.InvCDF(0, 1, count - 1, 0.5 + (level / 2)) * standardError;
            (Low, High) = (mean - reach, mean + reach);
            PValue = 2 * StudentT.CDF(0, 1, count - 1, -Math.Abs(mean / standardError));
        }
    }

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>The interval's lower end; the mean itself for fewer than two numbers.</summary>
    public double Low { get; }

    /// <summary>The interval's upper end; the mean itself for fewer than two numbers.</summary>
    public double High { get; }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The two-sided probability of a mean at least as far from 0 if the true mean were 0; NaN for fewer than two numbers.</summary>
    public double PValue { get; }

    /// <summary>The mean's standard error; NaN for fewer than two numbers.</summary>
    public double StandardError { get; }

    /// <summary>How likely a mean as near to 0 is where the true one lies at least a margin away: the larger p value of two one-sided tests.</summary>
    /// <param name="margin">The margin, above 0.</param>
    /// <returns>The p value; below a level, the true mean is said to lie within the margin. NaN for fewer than two numbers.</returns>
    /// <remarks>Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", 1987.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not above 0.</exception>
    public double EquivalenceP(double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        double distance = margin - Math.Abs(Mean);
        return Count < 2 || double.IsNaN(StandardError) ? double.NaN
            : StandardError == 0 ? (distance > 0 ? 0 : 1)
            : StudentT.CDF(0, 1, Count - 1, -distance / StandardError);
    }

    /// <summary>The interval of the mean of some numbers.</summary>
    /// <param name="values">The numbers; at least one.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <exception cref="ArgumentException">There are no numbers.</exception>
    public static StudentInterval Of(IReadOnlyCollection<double> values, double level)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("Values must be at least 1; received 0.", nameof(values));
        }

        double mean = values.Sum() / values.Count;
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new StudentInterval(mean, Math.Sqrt(squares / (values.Count - 1.0) / values.Count), values.Count, level);
    }

    /// <summary>The same as what a comparison reports.</summary>
    public ScoreSummary ToSummary() => new(Mean, Low, High, Count);
}
