using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Claims;

/// <summary>A measured number with its interval.</summary>
/// <param name="Name">What was measured, such as <c>error_none</c>.</param>
/// <param name="Unit">Its unit, such as <c>%</c> or <c>nats</c>; empty for a pure number.</param>
/// <param name="Mean">The mean over seeds.</param>
/// <param name="Low">The interval's lower end; the mean itself where nothing was repeated.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Seeds">How many seeds.</param>
public sealed record Measurement(string Name, string Unit, double Mean, double Low, double High, int Seeds)
{
    internal const double Level = 0.95;

    /// <summary>The mean and the 95 % interval (Student's t) of one number a seed.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="values">One a seed; at least one.</param>
    public static Measurement Of(string name, string unit, IReadOnlyCollection<double> values)
    {
        StudentInterval interval = StudentInterval.Of(values, Level);
        return new Measurement(name, unit, interval.Mean, interval.Low, interval.High, interval.Count);
    }

    /// <summary>A number that needs no repetition.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="value">The number.</param>
    public static Measurement Exact(string name, string unit, double value) => new(name, unit, value, value, value, 1);
}
