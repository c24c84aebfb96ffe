using CsCheck;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class RowSplitTests
{
    private static readonly Gen<(int[] Rows, int[] Strata, DatasetOptions Options)> Cases =
        from count in Gen.Int[20, 300]
        from classes in Gen.Int[1, 5]
        from strata in Gen.Int[0, classes - 1].Array[count]
        from seed in Gen.ULong
        from validation in Gen.Double[0.05, 0.4]
        from test in Gen.Double[0.05, 0.4]
        select (Enumerable.Range(0, count).Select(i => 3 * i).ToArray(), strata, new DatasetOptions { Seed = seed, ValidationShare = validation, TestShare = test });

    [Fact]
    public void Create_AnyRows_PutsEachRowIntoOnePart() => Cases.Sample(
        c =>
        {
            RowSplit split = RowSplit.Create(c.Rows, c.Strata, null, c.Options);
            Assert.Equal(c.Rows, split.Train.Concat(split.Validation).Concat(split.Test).Order());
            Assert.All([split.Train, split.Validation, split.Test], part => Assert.Equal(part.Order(), part));
        },
        iter: 200);

    [Fact]
    public void Create_AnyRows_GivesEachClassItsShareAndSomethingToLearnFrom() => Cases.Sample(
        c =>
        {
            RowSplit split = RowSplit.Create(c.Rows, c.Strata, null, c.Options);
            foreach (IGrouping<int, int> group in c.Rows.GroupBy(row => c.Strata[row / 3]))
            {
                int size = group.Count(), test = group.Intersect(split.Test).Count(), left = size - test;

                // A group is rounded by less than one row, and takes at most one row a group more for those that are too small to give.
                Assert.InRange(test, Math.Min(size - 1, (size * c.Options.TestShare) - 2), (size * c.Options.TestShare) + 6);
                Assert.InRange(group.Intersect(split.Train).Count(), 1, Math.Max(1, left));
            }
        },
        iter: 200);

    [Fact]
    public void Create_SameSeed_GivesTheSameSplitWhateverRowsAreAddedOfOtherClasses()
    {
        // Every row draws by its own number, so that a class's own order does not depend on the others.
        int[] rows = [.. Enumerable.Range(0, 100)];
        DatasetOptions options = new() { Seed = 5, TestShare = 0.25, ValidationShare = 0.25 };
        RowSplit alone = RowSplit.Create(rows, new int[100], null, options);
        RowSplit with = RowSplit.Create([.. rows, .. Enumerable.Range(100, 100)], [.. new int[100], .. Enumerable.Repeat(1, 100)], null, options);
        Assert.Equal(alone.Test, with.Test.Where(row => row < 100));
        Assert.Equal(alone.Train, with.Train.Where(row => row < 100));
    }

    [Fact]
    public void Create_OtherSeed_GivesAnotherSplit()
    {
        int[] rows = [.. Enumerable.Range(0, 100)];
        Assert.NotEqual(
            RowSplit.Create(rows, new int[100], null, new DatasetOptions { Seed = 1 }).Test,
            RowSplit.Create(rows, new int[100], null, new DatasetOptions { Seed = 2 }).Test);
    }

    [Fact]
    public void Create_TrainRows_LearnsFromExactlySoManyAndFromEveryClass() => (
        from c in Cases
        from share in Gen.Double[0, 1]
        select (c, share)).Sample(
        t =>
        {
            ((int[] rows, int[] strata, DatasetOptions options), double share) = t;
            int classes = Math.Max(2, strata.Distinct().Count()), pool = rows.Length - RowSplit.Create(rows, strata, null, options).Test.Length;
            int trainRows = classes + (int)(share * (pool - classes) * 0.5);
            RowSplit split = RowSplit.Create(rows, strata, null, options with { TrainRows = trainRows });
            Assert.Equal(trainRows, split.Train.Length);
            Assert.Equal(strata.Distinct().Order(), split.Train.Select(row => strata[row / 3]).Distinct().Order());
            Assert.Empty(split.Train.Intersect(split.Validation));
            Assert.Empty(split.Test.Intersect([.. split.Validation, .. split.Train]));
        },
        iter: 200);

    [Fact]
    public void Create_ClassOfOneRow_IsLearnedFrom()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            RowSplit split = RowSplit.Create([.. Enumerable.Range(0, 20)], [1, .. new int[19]], null, new DatasetOptions { Seed = seed, TestShare = 0.4, ValidationShare = 0.4 });
            Assert.Contains(0, split.Train);
        }
    }
}
