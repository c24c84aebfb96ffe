using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void Bins_EqualWidth_AreClosedOnTheRight()
    {
        CalibrationBin[] bins = CalibrationError.Bins<double>([0, 0.5, 0.51, 1], [false, true, true, true], 2);

        Assert.Equal([new CalibrationBin(0.25, 0.5, 2), new CalibrationBin(0.755, 1, 2)], bins);
    }

    [Fact]
    public void Bins_EqualMass_HoldEqualNumbersWhateverTheOrder()
    {
        double[] confidences = [0.9, 0.1, 0.95, 0.92, 0.91, 0.93];
        bool[] correct = [true, false, true, false, true, true];
        CalibrationBin[] bins = CalibrationError.Bins<double>(confidences, correct, 3, CalibrationBinning.EqualMass);

        Assert.Equal([2, 2, 2], bins.Select(bin => bin.Count));
        Assert.Equal([0.5, 0.5, 1.0], bins.Select(bin => bin.Observed));
        Array.Reverse(confidences);
        Array.Reverse(correct);
        Assert.Equal(bins, CalibrationError.Bins<double>(confidences, correct, 3, CalibrationBinning.EqualMass));
    }

    [Fact]
    public void Bins_EqualMassWithTies_KeepEqualConfidencesTogether()
    {
        CalibrationBin[] bins = CalibrationError.Bins<float>([0.5f, 0.5f, 0.5f, 0.75f], [true, false, true, true], 4, CalibrationBinning.EqualMass);

        Assert.Equal([3, 1], bins.Select(bin => bin.Count));
    }

    [Theory]
    [InlineData(CalibrationBinning.EqualWidth)]
    [InlineData(CalibrationBinning.EqualMass)]
    public void Expected_KnownGaps_IsTheirWeightedMean(CalibrationBinning binning)
    {
        // Three rows at 0.6 with one right, one row at 0.9 that is right: (3·|1/3 − 0.6| + 1·0.1)/4.
        double[] probabilities = [0.6, 0.4, 0.6, 0.4, 0.4, 0.6, 0.9, 0.1];
        int[] labels = [0, 1, 0, 0];

        Assert.Equal(((3 * (0.6 - (1.0 / 3))) + 0.1) / 4, CalibrationError.Expected<double>(probabilities, labels, 4, binning), 1e-14);
        Assert.Equal(0.6 - (1.0 / 3), CalibrationError.Maximum<double>(probabilities, labels, 4, binning), 1e-14);
    }

    [Theory]
    [InlineData(CalibrationBinning.EqualWidth)]
    [InlineData(CalibrationBinning.EqualMass)]
    public void Expected_LabelsDrawnFromTheProbabilities_IsNearZero(CalibrationBinning binning)
    {
        const int Rows = 40_000, Bins = 10;
        Random random = new(7);
        double[] probabilities = new double[2 * Rows];
        int[] labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            probabilities[2 * row] = random.NextDouble();
            probabilities[(2 * row) + 1] = 1 - probabilities[2 * row];
            labels[row] = random.NextDouble() < probabilities[2 * row] ? 0 : 1;
        }

        // Σ n_k/N |gap_k| with gap_k of deviation at most ½/√n_k: by Cauchy–Schwarz its mean is at most ½√(Bins/Rows); five times is beyond doubt.
        Assert.InRange(CalibrationError.Expected<double>(probabilities, labels, Bins, binning), 0, 2.5 * Math.Sqrt((double)Bins / Rows));
        // Squared confidences are miscalibrated by E[c − c²] = 3/4 − 7/12 where c is uniform on [½, 1].
        double[] squared = new double[Rows];
        bool[] correct = new bool[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double confidence = Math.Max(probabilities[2 * row], probabilities[(2 * row) + 1]);
            squared[row] = confidence * confidence;
            correct[row] = (probabilities[2 * row] >= 0.5) == (labels[row] == 0);
        }

        Assert.Equal(1.0 / 6, CalibrationError.Expected(CalibrationError.Bins<double>(squared, correct, Bins, binning)), 2.5 * Math.Sqrt((double)Bins / Rows));
    }

    [Fact]
    public void CentralIntervals_UniformCumulativeProbabilities_CoverTheirLevels()
    {
        double[] uniform = [.. Enumerable.Range(0, 1000).Select(i => (i + 0.5) / 1000)];
        CalibrationBin[] bins = CalibrationError.CentralIntervals<double>(uniform, 9);

        Assert.Equal(9, bins.Length);
        Assert.All(bins, bin => Assert.Equal(bin.Stated, bin.Observed, 1e-9));
        // All targets at the median: every interval covers everything, the mean gap is 1 − ½.
        Assert.Equal(0.5, CalibrationError.Expected(CalibrationError.CentralIntervals<float>([0.5f], 9)), 1e-14);
    }

    [Fact]
    public void Bins_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "The number of bins must be at most the number of rows, 2; received 3.",
            Assert.Throws<ArgumentOutOfRangeException>(() => CalibrationError.Bins<double>([0.5, 0.5], [true, true], 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The number of bins must be at least 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => CalibrationError.Bins<double>([0.5, 0.5], [true, true], 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A confidence must be in [0, 1]; received NaN in row 1.",
            Assert.Throws<ArgumentException>(() => CalibrationError.Bins<double>([0.5, double.NaN], [true, true], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A cumulative probability must be in [0, 1]; received 1.5 in row 0.",
            Assert.Throws<ArgumentException>(() => CalibrationError.CentralIntervals<double>([1.5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CalibrationError.Expected([]));
        Assert.Throws<ArgumentException>(() => CalibrationError.Maximum([]));
    }
}
