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
        double weights = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double weight = 1 / (y[i] * y[i]);
            weights += weight;
            sumX += weight * x[i];
            sumY += weight * y[i];
            sumXX += weight * x[i] * x[i];
            sumXY += weight * x[i] * y[i];
        }

        double slope = ((weights * sumXY) - (sumX * sumY)) / ((weights * sumXX) - (sumX * sumX));
        return new LineFit(slope, (sumY - (slope * sumX)) / weights);
    }
}
