using DropoutSharp.Lab.Prediction;

namespace DropoutSharp.Lab.Tests.Prediction;

public sealed class PredictionSetTests
{
    [Theory]
    [InlineData(0.4, new[] { 1 })]
    [InlineData(0.5, new[] { 1 })]
    [InlineData(0.6, new[] { 1, 0 })]
    [InlineData(0.8, new[] { 1, 0, 2 })]
    [InlineData(0.9999999, new[] { 1, 0, 2 })]
    public void Of_Level_IsTheFewestClassesThatReachIt(double level, int[] expected) =>
        Assert.Equal(expected, PredictionSet.Of([0.25, 0.5, 0.25], level));

    [Fact]
    public void Of_ProbabilitiesThatFallShortOfOne_IsEveryClass() =>
        Assert.Equal([0, 1], PredictionSet.Of([0.5, 0.49999], 0.999999).Order());
}
