using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class ScoreTextTests
{
    [Theory]
    [InlineData("nll", 0.1312, 0.098, "0.131")]
    [InlineData("nll", 0.098, 0.1312, "0.098")]
    [InlineData("nll", 0.00412, 0, "0.00412")]
    [InlineData("rmse", 48123.4, 0, "48123")]
    [InlineData("rmse", 12.345, 0, "12.3")]
    [InlineData("nll", -1.2345, 0, "-1.23")]
    [InlineData("accuracy", 0.9789, 0, "97.9 %")]
    [InlineData("nll", 0, 0, "0.000")]
    public void Value_KeepsThreeDigitsOfTheLarger(string score, double value, double against, string text) =>
        Assert.Equal(text, ScoreText.Value(score, value, against));

    [Theory]
    [InlineData("nll", -0.0449, -0.0212, "-0.045 to -0.021")]
    [InlineData("nll", -0.0122, 0.0004, "-0.012 to +0.000")]
    [InlineData("accuracy", -0.001, 0.0123, "-0.1 to +1.2 percentage points")]
    public void Interval_KeepsTwoDigitsOfTheLarger(string score, double low, double high, string text) =>
        Assert.Equal(text, ScoreText.Interval(score, low, high));

    [Theory]
    [InlineData(0.0004, "p < 0.001")]
    [InlineData(0.0304, "p = 0.030")]
    public void Probability_StopsAtAThousandth(double value, string text) => Assert.Equal(text, ScoreText.Probability(value));
}
