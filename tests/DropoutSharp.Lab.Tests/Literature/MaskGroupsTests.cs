using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Lab.Tests.Literature;

public sealed class MaskGroupsTests
{
    [Theory]
    [InlineData(MaskGroupsOptimizer.Adam)]
    [InlineData(MaskGroupsOptimizer.Sgd)]
    public void Run_AsManyGroupsAsRows_IsMasksARow(MaskGroupsOptimizer optimizer)
    {
        PreparedData data = DataPreparation.Prepare((string?)null, new DatasetOptions());
        IReadOnlyList<MaskGroupsResult> results = MaskGroups.Run(data, new MaskGroupsOptions([1, 32], Seeds: 2, Epochs: 2, BatchSize: 32, Width: 24, Optimizer: optimizer));

        Assert.Equal([1, 32, MaskGroups.EveryRow, MaskGroups.NoDropout], results.Select(static result => result.Groups));
        (MaskGroupsResult batch, MaskGroupsResult rows, MaskGroupsResult every, MaskGroupsResult none) = (results[0], results[1], results[2], results[3]);
        Assert.Equal(every.TestErrors, rows.TestErrors);
        Assert.Equal((0, 1, 0), (rows.ErrorDifference, rows.ErrorP, rows.EquivalenceP));
        Assert.Equal((false, true), (rows.IsTellable, rows.IsEquivalent));
        Assert.True(double.IsNaN(every.ErrorP) && double.IsNaN(every.EquivalenceP));
        Assert.NotEqual(every.NegativeLogLikelihoods, batch.NegativeLogLikelihoods);
        Assert.NotEqual(every.NegativeLogLikelihoods, none.NegativeLogLikelihoods);
        Assert.All(results, static result => Assert.InRange(result.TestError, 0, 0.8)); // chance is wrong in nine of ten
        Assert.All(results, static result => Assert.True(result.StepMilliseconds > 0));
    }

    [Fact]
    public void LeastNumberOfGroups_WhereALargerOneIsTold_IsAboveIt()
    {
        MaskGroupsResult[] results = [Of(1, true, false), Of(2, false, true), Of(4, true, false), Of(8, false, false), Of(16, false, true), Of(MaskGroups.EveryRow, false, false), Of(MaskGroups.NoDropout, true, false)];

        Assert.Equal(8, MaskGroups.IndistinguishableFrom(results));
        Assert.Equal(16, MaskGroups.EquivalentFrom(results));
        Assert.Null(MaskGroups.EquivalentFrom(results[..1]));

        static MaskGroupsResult Of(int groups, bool isTellable, bool isEquivalent) => new(groups, [], [], 0, 0, 0, 0, 0, 0, 0, isTellable, 0, isEquivalent, 1);
    }
}
