using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class RegressionScoresTests
{
    [Fact]
    public void Errors_KnownValues_AreRootMeanSquareAndMeanAbsolute()
    {
        Assert.Equal(Math.Sqrt(5), RegressionScores.RootMeanSquaredError<double>([1, 2], [2, 5]), 1e-14);
        Assert.Equal(2, RegressionScores.MeanAbsoluteError<float>([1, 2], [2, 5]), 1e-14);
    }

    [Fact]
    public void GaussianNegativeLogLikelihood_StandardNormal_IsKnown()
    {
        double expected = (0.5 * Math.Log(2 * Math.PI)) + (0.5 * ((0.0 + 4) / 2));

        Assert.Equal(expected, RegressionScores.GaussianNegativeLogLikelihood<double>([0, 0], [1, 1], [0, 2]), 1e-14);
        Assert.Equal(expected + Math.Log(3), RegressionScores.GaussianNegativeLogLikelihood<double>([0, 0], [3, 3], [0, 6]), 1e-14);
    }

    [Fact]
    public void PredictiveLogLikelihood_OnePass_IsTheGaussians()
    {
        double gaussian = -RegressionScores.GaussianNegativeLogLikelihood<double>([1, 2], [0.5, 0.5], [1.5, 4]);

        Assert.Equal(gaussian, RegressionScores.PredictiveLogLikelihood<double>([1, 2], [1.5, 4], precision: 4), 1e-13);
        Assert.Equal(gaussian, RegressionScores.PredictiveLogLikelihood<double>([1, 2], [0.5, 0.5], [1.5, 4]), 1e-13);
    }

    [Fact]
    public void PredictiveLogLikelihood_TwoPasses_IsTheMixtures()
    {
        // Passes at ±1, target 1, τ = 1: ln ½(φ(0) + φ(2)).
        double expected = Math.Log(0.5 * (Normal.Density(0) + Normal.Density(2)));

        Assert.Equal(expected, RegressionScores.PredictiveLogLikelihood<double>([1, -1], [1], 1.0), 1e-14);
        Assert.Equal(expected, RegressionScores.PredictiveLogLikelihood<float>([1, -1], [1, 1], [1]), 1e-14);
    }

    [Fact]
    public void PredictiveLogLikelihood_EveryPassUnderflows_StaysFinite()
    {
        // e^{−5,000,000} is 0 in double precision, its logarithm is not.
        double value = RegressionScores.PredictiveLogLikelihood<double>([0, 0], [1], precision: 1e7);

        Assert.Equal(-5e6 - (0.5 * Math.Log(2 * Math.PI)) + (0.5 * Math.Log(1e7)), value, 1e-6);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.3, 2, -1)]
    [InlineData(5, 0.1, 4)]
    public void GaussianCrps_AnyGaussian_IsTheIntegral(double mean, double deviation, double target)
    {
        double integral = Integral(x => Normal.Cdf((x - mean) / deviation), target, mean - (12 * deviation), mean + (12 * deviation));

        Assert.Equal(integral, RegressionScores.GaussianCrps<double>([mean], [deviation], [target]), 1e-6);
    }

    [Fact]
    public void GaussianCrps_NoSpread_IsTheAbsoluteError() =>
        Assert.Equal(3, RegressionScores.GaussianCrps<double>([1], [0], [4]), 1e-14);

    [Fact]
    public void MixtureCrps_ThreeGaussians_IsTheIntegral()
    {
        double[] means = [-1, 0.5, 2];
        double[] deviations = [0.5, 1, 0.25];
        double integral = Integral(x => Enumerable.Range(0, 3).Average(i => Normal.Cdf((x - means[i]) / deviations[i])), 0.7, -15, 15);

        Assert.Equal(integral, RegressionScores.MixtureCrps<double>(means, deviations, [0.7]), 1e-6);
    }

    [Fact]
    public void MixtureCrps_WithoutSpread_IsTheSamples()
    {
        double[] samples = [3, 10, 1, -4, 1, 2];

        Assert.Equal(RegressionScores.SampleCrps<double>(samples, [0, 1]), RegressionScores.MixtureCrps<double>(samples, new double[6], [0, 1]), 1e-13);
    }

    [Fact]
    public void SampleCrps_AnySamples_IsTheDoubleSum()
    {
        Random random = new(3);
        double[] samples = [.. Enumerable.Range(0, 40).Select(_ => random.NextDouble())];
        double[] targets = [0.2, 0.9];
        double plain = 0, fair = 0;
        for (int row = 0; row < 2; row++)
        {
            double[] x = [.. Enumerable.Range(0, 20).Select(pass => samples[(2 * pass) + row])];
            double distance = x.Average(v => Math.Abs(v - targets[row]));
            double spread = x.Sum(a => x.Sum(b => Math.Abs(a - b)));
            plain += (distance - (spread / 2 / 400)) / 2;
            fair += (distance - (spread / 2 / 380)) / 2;
        }

        Assert.Equal(plain, RegressionScores.SampleCrps<double>(samples, targets), 1e-13);
        Assert.Equal(fair, RegressionScores.SampleCrps<double>(samples, targets, fair: true), 1e-13);
    }

    [Fact]
    public void Intervals_KnownEnds_CoverAndAreFined()
    {
        double[] lower = [0, 0, 0, double.NegativeInfinity];
        double[] upper = [1, 1, 1, 1];
        double[] targets = [1, 2, double.NaN, -100];

        Assert.Equal(0.5, IntervalScores.Coverage<double>(lower, upper, targets));
        Assert.Equal(1.5, IntervalScores.MeanWidth<double>([0, 1], [1, 3]));
        // Width 1 each; the second target lies 1 above, at level 0.9: 2/0.1.
        Assert.Equal((1 + 21) / 2.0, IntervalScores.IntervalScore<double>([0, 0], [1, 1], [1, 2], 0.9), 1e-12);
    }

    [Fact]
    public void Scores_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "Precision tau must be positive and finite; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => RegressionScores.PredictiveLogLikelihood<double>([0], [0], 0.0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Precision tau must be positive and finite; received NaN.",
            Assert.Throws<ArgumentOutOfRangeException>(() => RegressionScores.PredictiveLogLikelihood<double>([0], [0], double.NaN)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A standard deviation must be positive and finite; received -1 in row 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => RegressionScores.GaussianNegativeLogLikelihood<double>([0], [-1], [0])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Predictions must be one a row for each pass, a positive multiple of 2; received 3.",
            Assert.Throws<ArgumentException>(() => RegressionScores.PredictiveLogLikelihood<double>([0, 0, 0], [0, 0], 1.0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Predictions must be one a row, 1; received 2.",
            Assert.Throws<ArgumentException>(() => RegressionScores.RootMeanSquaredError<double>([0, 1], [0])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The level of an interval must be above 0 and below 1; received 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => IntervalScores.IntervalScore<double>([0], [1], [0], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The lower end of an interval must be at most its upper end; received 2 and 1 in row 0.",
            Assert.Throws<ArgumentException>(() => IntervalScores.Coverage<double>([2], [1], [0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RegressionScores.SampleCrps<double>([1], [1], fair: true));
        Assert.Throws<ArgumentException>(() => RegressionScores.MeanAbsoluteError<double>([], []));
    }

    /// <summary>∫ (F(x) − 1[x ≥ y])² dx by the midpoint rule, cut at the target where the integrand jumps.</summary>
    private static double Integral(Func<double, double> cdf, double target, double from, double to)
    {
        from = Math.Min(from, target);
        to = Math.Max(to, target);
        return Midpoints(x => cdf(x) * cdf(x), from, target) + Midpoints(x => (1 - cdf(x)) * (1 - cdf(x)), target, to);
    }

    private static double Midpoints(Func<double, double> f, double from, double to)
    {
        const int Steps = 20_000;
        double sum = 0, width = (to - from) / Steps;
        for (int i = 0; i < Steps; i++)
        {
            sum += f(from + ((i + 0.5) * width));
        }

        return sum * width;
    }
}
