using DropoutSharp.Lab.Training;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class NoiseDeviationTests
{
    [Fact]
    public void Fit_OnePass_IsTheRootMeanSquaredResidualInTheTargetsUnit()
    {
        ValuePredictions predictions = new([0, 1, 2], (Mean: 100, Scale: 10));
        predictions.AddPass([0.3f, 1.3f, 1.7f]);
        Assert.Equal(3, NoiseDeviation.Fit(predictions), 1e-5);
    }

    [Fact]
    public void Fit_SeveralPasses_MakesTheTargetsMostLikely()
    {
        MaskStream noise = new(1), spread = new(2);
        float[] targets = [.. Enumerable.Range(0, 200).Select(i => (float)noise.Normal(i))];
        ValuePredictions predictions = new(targets, (0, 1), passes: 20);
        for (int pass = 0; pass < 20; pass++)
        {
            predictions.AddPass([.. Enumerable.Range(0, 200).Select(i => (float)(0.8 * spread.Normal((pass * 200) + i)))]);
        }

        double fitted = NoiseDeviation.Fit(predictions);
        double best = Likelihood(fitted);
        Assert.True(best >= Likelihood(fitted * 1.01));
        Assert.True(best >= Likelihood(fitted * 0.99));

        // The passes' spread explains a part of the targets' variance of 1.
        Assert.InRange(fitted, 0.2, 0.95);

        double Likelihood(double deviation) => RegressionScores.PredictiveLogLikelihood<double>(
            predictions.Passes, predictions.Targets.ToArray(), 1 / (deviation * deviation));
    }

    [Fact]
    public void Fit_PerfectPrediction_StaysAboveZero()
    {
        ValuePredictions predictions = new([0, 1], (0, 1));
        predictions.AddPass([0, 1]);
        Assert.True(NoiseDeviation.Fit(predictions) > 0);
    }
}
