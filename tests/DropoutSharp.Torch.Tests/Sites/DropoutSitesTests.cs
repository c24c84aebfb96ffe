using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Sites;

public sealed class DropoutSitesTests : TensorTests
{
    [Fact]
    public void Of_NestedModel_NamesEachSiteOnceByItsOwner()
    {
        using Dropout first = new(0.1), shared = new(0.2);
        using var model = nn.Sequential(
            ("first", first),
            ("block", nn.Sequential(("linear", nn.Linear(4, 4)), ("drop", shared))),
            ("again", (nn.Module<Tensor, Tensor>)shared));
        Assert.Equal([("first", first.Site), ("again", shared.Site)], DropoutSites.Of(model).Select(site => (site.Path.Replace("block.drop", "again", StringComparison.Ordinal), site.Site)));
        Assert.Equal([("", first.Site)], DropoutSites.Of(first));
    }

    [Fact]
    public void Seed_Model_MakesOneNumberDecideAllMasks()
    {
        using var a = Model();
        using var b = Model();
        Tensor input = ones(200, 8);
        Assert.Equal(2, DropoutSites.Seed(a, 5));
        Assert.Equal(2, DropoutSites.Seed(b, 5));
        AssertEqual(a.forward(input), b.forward(input));
        Tensor[] masks = [.. a.children().Cast<Dropout>().Select(dropout => dropout.CurrentMask!)];
        Assert.False(masks[0].Equals(masks[1])); // the sites' numbers differ

        static nn.Module<Tensor, Tensor> Model() => nn.Sequential(("a", new Dropout(0.5)), ("b", new Dropout(0.5)));
    }

    [Fact]
    public void Sample_Nested_BringsBackWhatWasBefore()
    {
        using Dropout dropout = new(0.5, seed: 1);
        dropout.eval();
        Tensor input = ones(300), mask = zeros(300, ScalarType.Bool);
        using (dropout.Site.Sample(new SiteSampling(new MaskStream(2))))
        {
            Tensor outer = dropout.forward(input, new MaskStream(2));
            using (dropout.Site.Use(mask))
            {
                AssertEqual(zeros(300), dropout.forward(input));
            }

            AssertEqual(outer, dropout.forward(input));
        }

        AssertEqual(input, dropout.forward(input));
        Assert.Throws<ArgumentOutOfRangeException>(() => dropout.Site.Sample(new SiteSampling(default, FirstRow: -1)));
    }

    [Fact]
    public void CurrentMask_GivenMaskIsGone_IsNull()
    {
        using Dropout dropout = new(0.5, seed: 1);
        Tensor mask = ones(3, ScalarType.Bool);
        dropout.forward(ones(3), mask);
        AssertEqual(mask, dropout.CurrentMask!);
        mask.Dispose();
        Assert.Null(dropout.CurrentMask);
    }

    [Fact]
    public void Position_StepAtTheEndOf32Bits_GoesOnAtZero()
    {
        using Dropout dropout = new(0.5, seed: 1) { Position = new MaskStream(1, uint.MaxValue, 2) };
        dropout.forward(ones(3));
        Assert.Equal(new MaskStream(1, 0, 2), dropout.Position);
    }

    [Fact]
    public void Dropout_MadeInAScope_OutlivesIt()
    {
        Dropout dropout;
        using (NewDisposeScope())
        {
            dropout = new Dropout(0.5);
        }

        using (dropout)
        {
            dropout.forward(ones(3));
        }
    }

    [Fact]
    public void SetNumThreads_Changed_IsFollowedByTheKernels()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            using Dropout dropout = new(0.5);
            dropout.forward(ones(3));
            Assert.Equal(1, DropoutPrimitives.MaxDegreeOfParallelism);
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
