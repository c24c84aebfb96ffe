using MathNet.Numerics.LinearRegression;

namespace DropoutSharp.Benchmarks;

/// <summary>A straight line through measured points.</summary>
/// <param name="Slope">How much it rises for 1.</param>
/// <param name="Intercept">Its value at 0.</param>
internal readonly record struct LineFit(double Slope, double Intercept)
{
    /// <summary>The line with the least squares of relative errors: a time's noise grows with it.</summary>
    /// <param name="x">Where was measured; two different places at least.</param>
    /// <param name="y">What was measured there; positive.</param>
    public static LineFit Through(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] line = WeightedRegression.Weighted([.. x.Select(static each => new[] { 1, each })], [.. y], [.. y.Select(static each => 1 / (each * each))]);
        return new LineFit(line[1], line[0]);
    }
}
