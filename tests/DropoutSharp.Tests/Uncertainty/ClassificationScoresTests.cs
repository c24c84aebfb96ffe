using CsCheck;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class ClassificationScoresTests
{
    private static readonly double[] Probabilities = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.25, 0.25, 0.5];

    private static readonly int[] Labels = [0, 1, 0];

    private static readonly Gen<(double[] Probabilities, int[] Labels)> Forecasts =
        Gen.Select(Gen.Int[2, 5], Gen.Int[1, 40]).SelectMany((classes, rows) =>
            Gen.Select(Gen.Double[0.01, 1].Array[classes * rows], Gen.Int[0, classes - 1].Array[rows]).Select((weights, labels) =>
            {
                for (int row = 0; row < rows; row++)
                {
                    Span<double> ofRow = weights.AsSpan(row * classes, classes);
                    double sum = 0;
                    foreach (double weight in ofRow)
                    {
                        sum += weight;
                    }

                    foreach (ref double weight in ofRow)
                    {
                        weight /= sum;
                    }
                }

                return (weights, labels);
            }));

    [Fact]
    public void Accuracy_TwoOfThreeRight_IsTwoThirds() =>
        Assert.Equal(2.0 / 3, ClassificationScores.Accuracy<double>(Probabilities, Labels), 1e-15);

    [Fact]
    public void Accuracy_EqualProbabilities_CountsTheFirst()
    {
        Assert.Equal(1, ClassificationScores.Accuracy<double>([0.5, 0.5], [0]));
        Assert.Equal(0, ClassificationScores.Accuracy<double>([0.5, 0.5], [1]));
    }

    [Fact]
    public void NegativeLogLikelihood_KnownForecast_IsMeanNegativeLogarithm() =>
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.8) + Math.Log(0.25)) / 3, ClassificationScores.NegativeLogLikelihood<double>(Probabilities, Labels), 1e-14);

    [Fact]
    public void NegativeLogLikelihood_TrueClassRuledOut_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, ClassificationScores.NegativeLogLikelihood<float>([1, 0], [1]));

    [Fact]
    public void BrierScore_KnownForecast_IsSumOfSquares() =>
        Assert.Equal(
            ((0.09 + 0.04 + 0.01) + (0.01 + 0.04 + 0.01) + (0.5625 + 0.0625 + 0.25)) / 3, ClassificationScores.BrierScore<double>(Probabilities, Labels), 1e-14);

    [Fact]
    public void BrierScore_CertainAndWrong_IsTwo() => Assert.Equal(2, ClassificationScores.BrierScore<float>([1, 0], [1]));

    [Fact]
    public void DecomposeBrierScore_AnyForecast_SumsToTheScore() => Forecasts.Sample(
        forecast =>
        {
            for (int bins = 1; bins <= forecast.Labels.Length; bins += 3)
            {
                BrierDecomposition parts = ClassificationScores.DecomposeBrierScore<double>(forecast.Probabilities, forecast.Labels, bins);
                Assert.Equal(ClassificationScores.BrierScore<double>(forecast.Probabilities, forecast.Labels), parts.Score, 1e-12);
                Assert.True(parts.Reliability >= 0 && parts.Resolution >= 0);
            }
        },
        iter: 200);

    [Fact]
    public void DecomposeBrierScore_ForecastsEqualInABin_IsMurphysIdentity()
    {
        // Forecasts 0.2 (one of four is of the class) and 0.8 (three of four): o = 1/2, per class reliability 0.05², resolution 0.25².
        double[] probabilities = [.. Enumerable.Repeat<double[]>([0.2, 0.8], 4).SelectMany(p => p), .. Enumerable.Repeat<double[]>([0.8, 0.2], 4).SelectMany(p => p)];
        BrierDecomposition parts = ClassificationScores.DecomposeBrierScore<double>(probabilities, [0, 1, 1, 1, 0, 0, 0, 1], 5);

        Assert.Equal(2 * 0.0025, parts.Reliability, 1e-14);
        Assert.Equal(2 * 0.0625, parts.Resolution, 1e-14);
        Assert.Equal(0.5, parts.Uncertainty, 1e-14);
        Assert.Equal(0, parts.WithinBins, 1e-14);
    }

    [Fact]
    public void Scores_FloatAndDouble_AgreeToRounding() => Forecasts.Sample(
        forecast =>
        {
            float[] single = Array.ConvertAll(forecast.Probabilities, p => (float)p);
            Assert.Equal(ClassificationScores.BrierScore<double>(forecast.Probabilities, forecast.Labels), ClassificationScores.BrierScore<float>(single, forecast.Labels), 1e-5);
            Assert.Equal(
                ClassificationScores.NegativeLogLikelihood<double>(forecast.Probabilities, forecast.Labels),
                ClassificationScores.NegativeLogLikelihood<float>(single, forecast.Labels), 1e-5);
        },
        iter: 100);

    [Fact]
    public void Scores_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "A label must be one of the 2 classes, in [0, 1]; received 2 in row 0.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.Accuracy<double>([0.5, 0.5], [2])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A score needs at least one row; received none.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.Accuracy<double>([], [])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Probabilities must be the same number for each of the 2 rows; received 3 in all.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.Accuracy<double>([0.5, 0.5, 1], [0, 0])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A probability must be in [0, 1]; received -3 in row 0.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.BrierScore<double>([-3, 4], [0])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The probabilities of a row must sum to 1; received a sum of 0.5 in row 0.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.NegativeLogLikelihood<double>([0.25, 0.25], [0])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A probability must be in [0, 1]; received NaN in row 0.",
            Assert.Throws<ArgumentException>(() => ClassificationScores.NegativeLogLikelihood<float>([float.NaN, 1], [0])).Message, StringComparison.Ordinal);
    }
}
