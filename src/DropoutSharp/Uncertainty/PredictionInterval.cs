namespace DropoutSharp.Uncertainty;

/// <summary>An interval that a target is predicted to lie in, ends included.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public readonly record struct PredictionInterval(double Lower, double Upper)
{
    /// <summary>The interval's width.</summary>
    public double Width => Upper - Lower;

    /// <summary>Whether a value lies inside.</summary>
    public bool Contains(double value) => value >= Lower && value <= Upper;
}
