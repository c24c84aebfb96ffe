using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class ConformalTests
{
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.8, 4)]
    [InlineData(0.9, 9)]
    [InlineData(0.95, 19)]
    [InlineData(0.99, 99)]
    [InlineData(0.91, 11)]
    [InlineData(0.01, 1)]
    public void RowsNeeded_OfALevel_IsTheSmallestWhoseRankExists(double level, long rows)
    {
        Assert.Equal(rows, Conformal.RowsNeeded(level));
        Assert.True(double.IsFinite(Conformal.Quantile(new double[rows], level)));
        if (rows > 1)
        {
            Assert.Throws<ArgumentException>(() => Conformal.Quantile(new double[rows - 1], level));
        }
    }

    [Theory]
    [InlineData(9, 0.9, 9)]
    [InlineData(49, 0.9, 45)]
    [InlineData(50, 0.9, 46)]
    [InlineData(99, 0.95, 95)]
    [InlineData(1, 0.5, 1)]
    public void Quantile_OfScores_IsTheKthSmallest(int rows, double level, int k)
    {
        double[] scores = [.. Enumerable.Range(1, rows).Reverse().Select(i => (double)i)];

        Assert.Equal(k, Conformal.Quantile(scores, level));
    }

    [Fact]
    public void ConformalRegression_ModelThatIsWrongAboutItsSpread_CoversByLaw()
    {
        // With n = 49 and level 0.9, k = 45: the coverage of one calibration is drawn from Beta(45, 5), mean 0.9 exactly and variance
        // 45·5/(50²·51). The model is biased, and its spread a tenth of the truth; the coverage of the symmetric interval is known in closed form.
        const int Rows = 49, Repetitions = 4000;
        MaskStream noise = new(5);
        double[] predictions = new double[Rows], spreads = new double[Rows], targets = new double[Rows];
        double sum = 0, squares = 0;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            for (int row = 0; row < Rows; row++)
            {
                long element = ((long)repetition * Rows) + row;
                spreads[row] = 0.1 + (row % 7);
                predictions[row] = row;
                targets[row] = row + (10 * spreads[row] * (0.5 + noise.Normal(element)));
            }

            ConformalRegression conformal = ConformalRegression.Calibrate<double>(predictions, spreads, targets, 0.9);
            double q = conformal.Factor / 10;
            double coverage = Normal.Cdf(q - 0.5) - Normal.Cdf(-q - 0.5);
            sum += coverage;
            squares += coverage * coverage;
        }

        double mean = sum / Repetitions, variance = 45.0 * 5 / (50 * 50 * 51);
        Assert.Equal(0.9, mean, 5 * Math.Sqrt(variance / Repetitions));

        // The variance of a sample variance is at most its fourth moment over n; Beta(45, 5) has a kurtosis below 4.
        Assert.Equal(variance, (squares / Repetitions) - (mean * mean), 5 * variance * Math.Sqrt(3.0 / Repetitions));
    }

    [Fact]
    public void Interval_OfACalibration_ReachesItsFactorToBothSides()
    {
        ConformalRegression conformal = ConformalRegression.Calibrate<float>([0, 0, 0], [1, -2, 3], 0.75);

        Assert.Equal(3, conformal.Factor);
        Assert.Equal(new PredictionInterval(-5, 7), conformal.Interval(1, 2));
        Assert.True(conformal.Interval(0).Contains(-3));
        Assert.Equal(6, conformal.Interval(0).Width);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AdaptivePredictionSets_AnyClassifier_CoverAtLeastTheLevel(bool randomized)
    {
        const int Calibration = 99, Tests = 20, Repetitions = 300, Classes = 5;
        const double Level = 0.8;
        MaskStream stream = new(11);
        int covered = 0, empty = 0, total = 0, element = 0;
        double size = 0;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            double[] probabilities = new double[(Calibration + Tests) * Classes];
            int[] labels = new int[Calibration + Tests];
            for (int row = 0; row < labels.Length; row++)
            {
                // Right in law up to a temperature: overconfident by squaring.
                double[] truth = new double[Classes];
                for (int c = 0; c < Classes; c++)
                {
                    truth[c] = -Math.Log(stream.Uniform(element++));
                }

                double sum = truth.Sum(), sharp = truth.Sum(p => p * p), draw = stream.Uniform(element++) * sum;
                int label = 0;
                for (; label < Classes - 1 && draw > truth[label]; label++)
                {
                    draw -= truth[label];
                }

                labels[row] = label;
                for (int c = 0; c < Classes; c++)
                {
                    probabilities[(row * Classes) + c] = truth[c] * truth[c] / sharp;
                }
            }

            AdaptivePredictionSets sets = AdaptivePredictionSets.Calibrate<double>(
                probabilities.AsSpan(0, Calibration * Classes), labels.AsSpan(0, Calibration), Level, randomized ? (ulong)repetition : null);
            for (int row = 0; row < Tests; row++)
            {
                int[] set = sets.Predict<double>(probabilities.AsSpan((Calibration + row) * Classes, Classes), row);
                covered += set.Contains(labels[Calibration + row]) ? 1 : 0;
                empty += set.Length == 0 ? 1 : 0;
                size += set.Length;
                total++;
            }
        }

        // Mean coverage of a repetition is at least 0.8; its variance is at most that of Beta(80, 20) plus ¼/20 of the draw.
        double deviation = Math.Sqrt(((80.0 * 20 / (100.0 * 100 * 101)) + (0.25 / Tests)) / Repetitions);
        Assert.InRange((double)covered / total, Level - (5 * deviation), 1);
        Assert.Equal(0, empty);
        Assert.InRange(size / total, 1, Classes);
    }

    [Fact]
    public void Predict_ByThreshold_TakesClassesByFallingProbability()
    {
        AdaptivePredictionSets sets = new(0.9, threshold: 0.85);

        Assert.Equal([1, 2], sets.Predict<double>([0.1, 0.5, 0.3, 0.1]));
        Assert.Equal([0], sets.Predict<double>([0.95, 0.05, 0, 0]));
        Assert.Equal([0, 1, 2], new AdaptivePredictionSets(0.9, 0.75).Predict<double>([0.25, 0.25, 0.25, 0.25]));
    }

    [Fact]
    public void Predict_Randomized_IsRepeatableByKeyAndRow()
    {
        AdaptivePredictionSets sets = new(0.5, threshold: 0.6, randomizationKey: 3);
        int[] sizes = [.. Enumerable.Range(0, 2000).Select(row => sets.Predict<double>([0.5, 0.5], row).Length)];

        Assert.Equal(sizes, Enumerable.Range(0, 2000).Select(row => sets.Predict<double>([0.5, 0.5], row).Length));

        // The second class joins where 0.5 + 0.5u ≤ 0.6: one row in five.
        Assert.Equal(0.2, sizes.Count(size => size == 2) / 2000.0, 5 * Math.Sqrt(0.2 * 0.8 / 2000));
    }

    [Fact]
    public void Calibrate_Misuse_SaysWhatIsNeeded()
    {
        Assert.StartsWith(
            "A level of 0.95 needs at least 19 calibration rows; received 3.",
            Assert.Throws<ArgumentException>(() => ConformalRegression.Calibrate<double>([0, 0, 0], [1, 1, 1], 0.95)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The level of an interval must be above 0 and below 1; received 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => ConformalRegression.Calibrate<double>([0], [1], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A spread must be positive and finite; received 0 in row 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => ConformalRegression.Calibrate<double>([0], [0], [1], 0.5)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A nonconformity score must be a number; received NaN in row 0.",
            Assert.Throws<ArgumentException>(() => ConformalRegression.Calibrate<double>([double.NaN], [1], 0.5)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A label must be one of the 2 classes, in [0, 1]; received 2 in row 0.",
            Assert.Throws<ArgumentException>(() => AdaptivePredictionSets.Calibrate<double>([0.5, 0.5], [2], 0.5)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A level of 0.9 needs at least 9 calibration rows; received 1.",
            Assert.Throws<ArgumentException>(() => AdaptivePredictionSets.Calibrate<double>([0.5, 0.5], [1], 0.9)).Message, StringComparison.Ordinal);
    }
}
