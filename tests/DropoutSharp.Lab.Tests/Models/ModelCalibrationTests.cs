using DropoutSharp.Lab.Models;

namespace DropoutSharp.Lab.Tests.Models;

public sealed class ModelCalibrationTests
{
    private static readonly double[] Ascending = [.. Enumerable.Range(1, 19).Select(i => (double)i)];

    [Fact]
    public void Threshold_NineteenRows_IsTheRankThatTheLevelAsksFor()
    {
        ModelCalibration calibration = new(1, Ascending, Ascending);

        Assert.Equal(18, calibration.Threshold(0.9)); // ⌈20·0.9⌉
        Assert.Equal(19, calibration.Threshold(0.95)); // ⌈20·0.95⌉
        Assert.Equal(10, calibration.Threshold(0.5));
    }

    [Fact]
    public void Threshold_OfAnsweredRows_IsThatOfRowsLikeThem()
    {
        // The surer the model is of a row, the more it is off: without the rows that are left out the scores are the larger ones.
        ModelCalibration calibration = new(1, [.. Ascending.Reverse()], Ascending);

        Assert.Equal(9, calibration.AbstentionThreshold(0.55)); // ⌈20·0.45⌉: nine rows are answered.
        Assert.Equal(19, calibration.Threshold(0.9, answeredUpTo: 9)); // ⌈10·0.9⌉ of the scores 11…19.
        Assert.Equal(15, calibration.Threshold(0.5, answeredUpTo: 9));
    }

    [Fact]
    public void Threshold_PredictionThatIsNaN_HoldsNothing() =>
        Assert.Equal(double.PositiveInfinity, new ModelCalibration(1, [.. Ascending[..18], double.NaN], Ascending).Threshold(0.95));

    [Theory]
    [InlineData(0.99, "An interval level of 0.99 needs at least 99 calibration rows; the model has 19: train it with more held-out rows (--test-share), or use dropout calibrate.")]
    [InlineData(0.951, "An interval level of 0.951 needs at least 20 calibration rows; the model has 19: train it with more held-out rows (--test-share), or use dropout calibrate.")]
    public void Threshold_TooFewRows_SaysHowManyAreNeeded(double level, string message)
    {
        ModelCalibration calibration = new(1, Ascending, Ascending);
        Assert.False(calibration.Reaches(level));
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => calibration.Threshold(level)).Message);
    }

    [Fact]
    public void AbstentionThreshold_TooFewRows_SaysHowManyAreNeeded() => Assert.Equal(
        "Abstaining from a share of 0.01 needs at least 99 calibration rows; the model has 19: train it with more held-out rows (--test-share), or use dropout calibrate.",
        Assert.Throws<UserErrorException>(() => new ModelCalibration(1, Ascending, Ascending).AbstentionThreshold(0.01)).Message);

    [Fact]
    public void AbstentionThreshold_EquallyUnsureOfAll_IsRefused() => Assert.Contains(
        "this one is equally sure of all",
        Assert.Throws<UserErrorException>(() => new ModelCalibration(1, Ascending, [.. Ascending.Select(_ => 1.0)]).AbstentionThreshold(0.5)).Message);

    [Fact]
    public void Constructor_MoreRowsThanAreKept_KeepsSomeOfAllParts()
    {
        double[] many = [.. Enumerable.Range(0, 25_000).Select(i => (double)i)];
        ModelCalibration calibration = new(1, many, many);

        Assert.Equal(ModelCalibration.MostRows, calibration.Rows);
        Assert.Equal(calibration.Scores, calibration.Uncertainties);
        Assert.Equal(12_500, calibration.Threshold(0.5), 5.0); // The median, between two rows of every five.
    }

    [Fact]
    public void Constructor_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ModelCalibration(1, [], []));
        Assert.Throws<ArgumentException>(() => new ModelCalibration(1, [1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new ModelCalibration(1, [-1], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCalibration(0, [1], [1]));
    }
}
