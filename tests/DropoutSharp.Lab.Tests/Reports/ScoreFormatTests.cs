using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Lab.Tests.Reports;

public sealed class ScoreFormatTests
{
    [Fact]
    public void For_Intervals_GivesTwoDigitsOfTheUncertainty()
    {
        ScoreSummary summary = new(0.15512, 0.15092, 0.15932, 5);
        ScoreFormat format = ScoreFormat.For(ScoreDescription.Of("nll"), [summary]);

        Assert.Equal("0.1551", format.Value(summary.Mean));
        Assert.Equal("±0.0042", format.HalfWidth(summary));
        Assert.Equal("−0.0312", format.Difference(-0.03124));
        Assert.Equal("+0.0312", format.Difference(0.03124));
    }

    [Fact]
    public void For_Percent_CountsDigitsInPercent()
    {
        ScoreSummary summary = new(0.97134, 0.96920, 0.97348, 3);

        Assert.Equal("97.13 ±0.21", $"{ScoreFormat.For(ScoreDescription.Of("mc_accuracy"), [summary]).Value(summary.Mean)} {ScoreFormat.For(ScoreDescription.Of("mc_accuracy"), [summary]).HalfWidth(summary)}");
    }

    [Fact]
    public void For_OneSeed_GivesFourDigitsAndNoInterval()
    {
        ScoreSummary summary = new(0.15512, 0.15512, 0.15512, 1);
        ScoreFormat format = ScoreFormat.For(ScoreDescription.Of("nll"), [summary]);

        Assert.Equal("0.1551", format.Value(summary.Mean));
        Assert.Equal(string.Empty, format.HalfWidth(summary));
    }

    [Fact]
    public void Value_NotFinite_IsADash() =>
        Assert.Equal("–", ScoreFormat.For(ScoreDescription.Of("nll"), []).Value(double.NaN));

    [Fact]
    public void Value_TinyNegative_IsNoNegativeZero() =>
        Assert.Equal("0.00", new ScoreFormat(ScoreDescription.Of("nll"), 2).Value(-0.0001));

    [Fact]
    public void Of_Prefixes_AreUnderstood()
    {
        ScoreDescription score = ScoreDescription.Of("validation_mc_rmse", "price");

        Assert.Equal("rmse", score.BaseName);
        Assert.True(score.IsMonteCarlo && score.IsValidation && !score.HigherIsBetter);
        Assert.Equal("RMSE of the Monte-Carlo mean on validation rows (unit of price)", score.AxisLabel);
    }
}
