using DropoutSharp.Uncertainty;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace DropoutSharp.Lab.Literature;

/// <summary>The noise around Monte-Carlo passes, learned from predictions on rows that were not trained on.</summary>
/// <remarks>
/// A Gaussian with tails: <c>(1 − w)·N(0, σ²) + w·N(0, (kσ)²)</c>, where <c>ln σ = a + b·z + c·ln(s/s̄)</c> follows the standardised prediction z and the
/// spread s of the row's passes. The five numbers maximise the predictive log-likelihood of the rows, by Nelder and Mead's simplex (1965).
/// </remarks>
internal sealed class LearnedResidualNoise
{
    private readonly double _mean;
    private readonly double _scale;
    private readonly double _spread;
    private readonly double[] _parameters;

    private LearnedResidualNoise(double mean, double scale, double spread, double[] parameters) =>
        (_mean, _scale, _spread, _parameters) = (mean, scale, spread, parameters);

    /// <summary>Learns the noise.</summary>
    /// <param name="passes">For each row its passes.</param>
    /// <param name="targets">The target of each row.</param>
    public static LearnedResidualNoise Learn(double[][] passes, double[] targets)
    {
        const int Kept = 10;
        Summary[] rows = [.. passes.Select(Summary.Of)];
        double mean = rows.Average(row => row.Mean);
        double scale = Math.Max(1e-12, Math.Sqrt(rows.Average(row => (row.Mean - mean) * (row.Mean - mean))));
        double spread = Math.Max(1e-12, rows.Average(row => row.Spread));
        double error = Math.Max(1e-12 * scale, Math.Sqrt(rows.Zip(targets).Average(pair => (pair.Second - pair.First.Mean) * (pair.Second - pair.First.Mean))));

        // For the search some passes stand for all.
        double[][] few = [.. passes.Select(ofRow => ofRow.Length <= Kept ? ofRow : [.. Enumerable.Range(0, Kept).Select(i => ofRow[i * ofRow.Length / Kept])])];
        double Cost(Vector<double> parameters)
        {
            LearnedResidualNoise noise = new(mean, scale, spread, [.. parameters]);
            double sum = 0;
            for (int row = 0; row < targets.Length; row++)
            {
                sum -= noise.LogDensity(few[row], rows[row], targets[row]);
            }

            // A weak prior towards even noise keeps the search in bounds.
            double cost = (sum / targets.Length) + (1e-3 * ((parameters[1] * parameters[1]) + (parameters[2] * parameters[2]) + (parameters[4] * parameters[4])));
            return double.IsFinite(cost) ? cost : 1e6;
        }

        Vector<double> start = Vector<double>.Build.Dense([Math.Log(0.8 * error), 0, 0, -2, 0.5]);
        Vector<double> steps = Vector<double>.Build.Dense([0.3, 0.2, 0.2, 0.5, 0.3]);
        Vector<double> found = NelderMeadSimplex.Minimum(ObjectiveFunction.Value(Cost), start, steps, 1e-5, 20_000).MinimizingPoint;
        return new LearnedResidualNoise(mean, scale, spread, [.. found]);
    }

    /// <summary>The predictive log-likelihood of a target under its row's passes, in nats.</summary>
    public double LogDensity(double[] passes, double target) => LogDensity(passes, Summary.Of(passes), target);

    private double LogDensity(double[] passes, Summary row, double target)
    {
        double level = Math.Clamp((row.Mean - _mean) / _scale, -4, 4);
        double relative = Math.Clamp(Math.Log(Math.Max(row.Spread, 1e-12) / _spread), -3, 3);
        double deviation = Math.Exp(_parameters[0] + (_parameters[1] * level) + (_parameters[2] * relative));
        double wide = deviation * (1 + Math.Exp(_parameters[4]));
        double logWide = -Math.Log(1 + Math.Exp(-_parameters[3])), logNarrow = -Math.Log(1 + Math.Exp(_parameters[3]));
        LogSumExp sum = default;
        foreach (double pass in passes)
        {
            sum.Add(logNarrow + LogGaussian(target - pass, deviation));
            sum.Add(logWide + LogGaussian(target - pass, wide));
        }

        return sum.Value - Math.Log(passes.Length);
    }

    private static double LogGaussian(double error, double deviation) =>
        (-0.5 * error * error / (deviation * deviation)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));

    private readonly record struct Summary(double Mean, double Spread)
    {
        public static Summary Of(double[] passes)
        {
            double mean = passes.Average();
            return new(mean, Math.Sqrt(passes.Average(pass => (pass - mean) * (pass - mean))));
        }
    }
}
