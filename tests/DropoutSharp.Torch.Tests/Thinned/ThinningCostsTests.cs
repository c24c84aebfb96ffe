namespace DropoutSharp.Torch.Tests;

/// <summary>When the standard costs choose thinning: what the measurements say, and how a choice must change with a layer's size.</summary>
public sealed class ThinningCostsTests
{
    private static readonly WeightGradients[] All = Enum.GetValues<WeightGradients>();

    [Theory]
    [InlineData(2048, 128, 0.5, true)]
    [InlineData(2048, 512, 0.2, true)]
    [InlineData(256, 512, 0.5, true)]
    [InlineData(2048, 128, 0.2, true)]
    [InlineData(2048, 32, 0.3, true)]
    [InlineData(2048, 32, 0.2, true)]
    [InlineData(1024, 32, 0.2, true)]
    [InlineData(2048, 32, 0.1, false)]
    [InlineData(256, 32, 0.2, false)]
    [InlineData(256, 128, 0.2, true)]
    public void IsThinnedFaster_SquareLayer_IsAsMeasured(double width, double rows, double rate, bool expected) =>
        Assert.Equal(expected, Choose(ThinningCosts.Default, width, rows, rate, 1, WeightGradients.PartsOnly));

    [Fact]
    public void IsThinnedFaster_OptimiserOfAllWeights_AsksForMore()
    {
        Assert.True(Choose(ThinningCosts.Default, 2048, 32, 0.2, 1, WeightGradients.PartsOnly));
        Assert.False(Choose(ThinningCosts.Default, 2048, 32, 0.2, 1, WeightGradients.Parts));
        Assert.True(Choose(ThinningCosts.Default, 2048, 128, 0.5, 1, WeightGradients.Parts));
    }

    [Fact]
    public void IsThinnedFaster_NothingDropped_IsNever() =>
        Assert.All(All, gradients => Assert.All((double[])[16, 256, 4096], width => Assert.False(Choose(ThinningCosts.Default, width, 4096, 0, 1, gradients))));

    [Fact]
    public void IsThinnedFaster_HigherRate_StaysFaster() => Assert.All(All, gradients =>
    {
        foreach (double width in (double[])[64, 512, 2048])
        {
            bool[] chosen = [.. Enumerable.Range(0, 20).Select(rate => Choose(ThinningCosts.Default, width, 128, rate / 20.0, 1, gradients))];
            Assert.Equal(chosen.Order(), chosen);
        }
    });

    [Fact]
    public void IsThinnedFaster_MoreGroups_StopsToPay()
    {
        bool[] chosen = [.. Enumerable.Range(0, 8).Select(power => Choose(ThinningCosts.Default, 1024, 256, 0.5, 1 << power, WeightGradients.Parts))];

        Assert.True(chosen[0]);
        Assert.False(chosen[^1]);
        Assert.Equal(chosen.OrderDescending(), chosen);
    }

    [Fact]
    public void IsThinnedFaster_InputOfKeptFeatures_SavesTheSpreading()
    {
        // Ten classes: too few products to gather weights for, unless the input would have to be spread otherwise.
        Assert.False(ThinningCosts.Default.IsThinnedFaster(32 * 2048 * 10, 32 * 1024 * 10, 20480, 10240, 0, 1, 0, WeightGradients.PartsOnly));
        Assert.True(ThinningCosts.Default.IsThinnedFaster(32 * 2048 * 10, 32 * 1024 * 10, 20480, 10240, 0, 1, 32 * 2048, WeightGradients.PartsOnly));
    }

    [Fact]
    public void IsThinnedFaster_WholeRows_AreCopiedFaster()
    {
        // 784 inputs, 1,434 of 2,048 outputs, 32 rows: the gain is the copying's.
        Assert.False(ThinningCosts.Default.IsThinnedFaster(32 * 1605632, 32 * 1124256, 1605632, 1124256, 0, 1, 0, WeightGradients.PartsOnly));
        Assert.True(ThinningCosts.Default.IsThinnedFaster(32 * 1605632, 32 * 1124256, 1605632, 1124256, 1124256, 1, 0, WeightGradients.PartsOnly));
    }

    [Theory]
    [InlineData(WeightGradients.None, 1000, 250)]
    [InlineData(WeightGradients.Whole, 3000 + 700, 750 + 700 + 5000)]
    [InlineData(WeightGradients.Parts, 3000 + 700, 750 + 700 + 2750)]
    [InlineData(WeightGradients.PartsOnly, 3000 + 700, 750 + 2750)]
    public void Times_GradientsOfAKind_AreWrittenAndSteppedOnTheSideThatDoesIt(WeightGradients gradients, double ordinary, double thinned)
    {
        // 100 weights, 25 of them kept, 10 rows: a product takes 1, a step 7, writing 50 and adding 110.
        ThinningCosts costs = new(ProductNs: 1, WeightNs: 0, TakeNs: 0, PutNs: 50, AddNs: 110, StepNs: 7, LayerNs: 0);

        Assert.Equal((ordinary, thinned), costs.Times(1000, 250, 100, 25, 0, 1, 0, gradients));
    }

    private static bool Choose(ThinningCosts costs, double width, double rows, double rate, int groups, WeightGradients gradients)
    {
        double weights = width * width, kept = (1 - rate) * (1 - rate);
        return costs.IsThinnedFaster(rows * weights, rows * weights * kept, weights, weights * kept * groups, 0, groups, 0, gradients);
    }
}
