using DropoutSharp.Lab.Comparison;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Training;

/// <summary>Predicted values in the target's own unit: a mixture of one Gaussian a pass, all with the same noise.</summary>
internal sealed class ValuePredictions : IPredictions
{
    private readonly double[] _targets;
    private readonly double[] _passes;
    private readonly (double Mean, double Scale) _unit;
    private int _filled;

    /// <summary>No pass yet.</summary>
    /// <param name="targets">The standardised targets.</param>
    /// <param name="unit">What turns standardised values into the target's unit.</param>
    /// <param name="passes">How many passes there will be.</param>
    public ValuePredictions(float[] targets, (double Mean, double Scale) unit, int passes = 1)
    {
        _unit = unit;
        _passes = new double[(long)targets.Length * passes];
        _targets = Array.ConvertAll(targets, ToUnit);
    }

    /// <summary>The standard deviation of the noise around a pass's value, in the target's unit; set before anything is scored.</summary>
    public double NoiseDeviation { get; set; }

    /// <summary>The targets in their own unit.</summary>
    public IReadOnlyList<double> Targets => _targets;

    /// <summary>Passes × rows, in the target's unit.</summary>
    public double[] Passes => _passes;

    /// <summary>Adds the standardised outputs of one pass.</summary>
    public void AddPass(ReadOnlySpan<float> outputs)
    {
        foreach (float output in outputs)
        {
            _passes[_filled++] = ToUnit(output);
        }
    }

    /// <summary>The mean of the passes and their standard deviation, for each row.</summary>
    public (double[] Means, double[] Spreads) Moments()
    {
        RegressionMoments moments = new(_targets.Length);
        for (int start = 0; start < _passes.Length; start += _targets.Length)
        {
            moments.Add<double>(_passes.AsSpan(start, _targets.Length));
        }

        return (moments.GetMean(), Array.ConvertAll(moments.GetEpistemicVariance(), Math.Sqrt));
    }

    public IReadOnlyDictionary<string, double> Scores()
    {
        double[] deviations = Deviations();
        return new Dictionary<string, double>
        {
            [ScoreNames.RootMeanSquaredError] = RegressionScores.RootMeanSquaredError<double>(Moments().Means, _targets),
            [ScoreNames.NegativeLogLikelihood] = -RegressionScores.PredictiveLogLikelihood<double>(_passes, deviations, _targets),
            [ScoreNames.Crps] = RegressionScores.MixtureCrps<double>(_passes, deviations, _targets),
            [ScoreNames.CalibrationError] = CalibrationError.Expected(Bins()),
        };
    }

    public float[]? RowLosses(string score)
    {
        if (score == ScoreNames.CalibrationError)
        {
            return null;
        }

        int rows = _targets.Length, count = _passes.Length / rows;
        double[] means = Moments().Means, passes = new double[count], deviations = new double[count];
        Array.Fill(deviations, NoiseDeviation);
        float[] losses = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int pass = 0; pass < count; pass++)
            {
                passes[pass] = _passes[(pass * rows) + row];
            }

            ReadOnlySpan<double> target = _targets.AsSpan(row, 1);
            losses[row] = (float)(score switch
            {
                ScoreNames.RootMeanSquaredError => Math.Pow(means[row] - target[0], 2),
                ScoreNames.Crps => RegressionScores.MixtureCrps<double>(passes, deviations, target),
                _ => -RegressionScores.PredictiveLogLikelihood<double>(passes, deviations, target),
            });
        }

        return losses;
    }

    public IReadOnlyList<ReliabilityBin> Reliability() => [.. Bins().Select(bin => new ReliabilityBin(bin.Stated, bin.Observed, bin.Count))];

    public (double[] Scores, double[] Uncertainties) Calibration(ulong key)
    {
        (double[] means, double[] spreads) = Moments();
        double[] deviations = Array.ConvertAll(spreads, spread => Math.Sqrt((spread * spread) + (NoiseDeviation * NoiseDeviation)));

        // A network that diverged says nothing of a row; it is then off by NaN.
        double[] usable = Array.ConvertAll(deviations, deviation => deviation > 0 && double.IsFinite(deviation) ? deviation : 1);
        double[] scores = ConformalRegression.Scores<double>(means, usable, _targets);
        return ([.. scores.Select((score, row) => usable[row] == deviations[row] ? score : double.NaN)], deviations);
    }

    private CalibrationBin[] Bins()
    {
        int rows = _targets.Length, count = _passes.Length / rows;
        double[] cumulative = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int pass = 0; pass < count; pass++)
            {
                cumulative[row] += Normal.Cdf((_targets[row] - _passes[(pass * rows) + row]) / NoiseDeviation) / count;
            }

            cumulative[row] = Math.Min(1, cumulative[row]);
        }

        return CalibrationError.CentralIntervals<double>(cumulative);
    }

    private double[] Deviations()
    {
        double[] deviations = new double[_passes.Length];
        Array.Fill(deviations, NoiseDeviation);
        return deviations;
    }

    private double ToUnit(float standardised) => _unit.Mean + (_unit.Scale * standardised);
}
