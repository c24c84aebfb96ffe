using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Networks;

public sealed class NetworkBlueprintTests
{
    [Fact]
    public void Build_SameKeys_GivesTheSameWeights()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network one = Small().Build(5, 6), same = Small().Build(5, 7), other = Small().Build(6, 6);
        Assert.Equal(Weights(one), Weights(same));
        Assert.NotEqual(Weights(one), Weights(other));
    }

    [Fact]
    public void Build_FirstWeights_HaveTheVarianceOfTheirFanIn()
    {
        NetworkBlueprint wide = Small() with { RowShape = [500], Network = Small().Network with { HiddenSizes = [400] } };
        using DisposeScope scope = NewDisposeScope();
        using Network network = wide.Build(1, 1);
        double[] weights = [.. network.parameters().First().detach().flatten().data<float>().Select(w => (double)w)];

        // 200,000 normal numbers of variance 2/500: the relative standard deviation of their mean square is √(2/n).
        double meanSquare = weights.Average(w => w * w);
        Assert.Equal(1, meanSquare / (2.0 / 500), 5 * Math.Sqrt(2.0 / weights.Length));
        Assert.All(network.named_parameters().Where(p => p.name.EndsWith("bias", StringComparison.Ordinal)), p => Assert.Equal(0, p.parameter.abs().sum().item<float>()));
    }

    [Fact]
    public void Build_Dropout_PutsNumberedSitesAtEveryPlaceWithItsRate()
    {
        NetworkBlueprint blueprint = Small() with
        {
            RowShape = [1, 8, 8],
            Variant = "dropout",
            DropRate = 0.4,
            Network = NetworkCatalog.Resolve(new NetworkOptions { InputDropRate = 0.1, FeatureMapRateShare = 0.5, HiddenSizes = [16, 8] }, [1, 8, 8]),
        };
        using Network network = blueprint.Build(1, 99);
        IReadOnlyList<(string Path, DropoutSite Site)> sites = DropoutSites.Of(network);
        Assert.Equal(["input_dropout", "conv1_dropout", "conv2_dropout", "dense1_dropout", "dense2_dropout"], sites.Select(site => site.Path));
        Assert.Equal([0.1, 0.2, 0.2, 0.4, 0.4], sites.Select(site => site.Site.DropRate.Value));
        Assert.Equal([0u, 1u, 2u, 3u, 4u], sites.Select(site => site.Site.Position.Site));
        Assert.All(sites, site => Assert.Equal(99ul, site.Site.Position.Key));
    }

    [Theory]
    [InlineData("mlp", Normalization.Batch, "BatchNorm1d")]
    [InlineData("mlp", Normalization.Layer, "LayerNorm")]
    [InlineData("mlp", Normalization.Rms, "RMSNorm")]
    [InlineData("cnn", Normalization.Batch, "BatchNorm2d BatchNorm2d BatchNorm1d")]
    [InlineData("cnn", Normalization.Layer, "GroupNorm GroupNorm LayerNorm")]
    public void Build_Norm_StandsBehindEveryHiddenLayer(string kind, Normalization norm, string expected)
    {
        NetworkBlueprint blueprint = Small() with
        {
            RowShape = [1, 8, 8],
            Network = NetworkCatalog.Resolve(new NetworkOptions { Kind = kind, Norm = norm, HiddenSizes = [16] }, [1, 8, 8]),
        };
        using DisposeScope scope = NewDisposeScope();
        using Network network = blueprint.Build(1, 1);

        Assert.Equal(expected, string.Join(' ', network.Layers.Select(layer => layer.GetType().Name).Where(name => name.Contains("Norm", StringComparison.Ordinal))));
        Assert.Equal([3L, blueprint.Outputs], network.call(ones(3, 1, 8, 8)).shape);
        Assert.Contains("norm", network.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp", Normalization.Batch)]
    [InlineData("mlp", Normalization.Layer)]
    [InlineData("mlp", Normalization.Rms)]
    [InlineData("cnn", Normalization.Batch)]
    [InlineData("cnn", Normalization.Layer)]
    public void Build_Norm_StartsWithoutScaleAndShift(string kind, Normalization norm)
    {
        NetworkBlueprint blueprint = Small() with
        {
            RowShape = [1, 8, 8],
            Network = NetworkCatalog.Resolve(new NetworkOptions { Kind = kind, Norm = norm, HiddenSizes = [16] }, [1, 8, 8]),
        };
        using DisposeScope scope = NewDisposeScope();
        Array.ForEach([.. Enumerable.Range(1, 64).Select(static size => full(size, float.NaN))], static junk => junk.Dispose()); // freed memory is where new parameters lie
        using Network network = blueprint.Build(1, 1);

        foreach (nn.Module layer in network.Layers.Where(static layer => layer.GetType().Name.Contains("Norm", StringComparison.Ordinal)))
        {
            Assert.All(layer.named_parameters(), static each => Assert.Equal(each.name == "weight" ? 1 : 0, each.parameter.min().item<float>()));
            Assert.All(layer.named_parameters(), static each => Assert.Equal(each.name == "weight" ? 1 : 0, each.parameter.max().item<float>()));
        }
    }

    [Fact]
    public void Build_NoDropout_HasNoSiteWhateverTheInputRate()
    {
        using Network network = (Small() with { Network = Small().Network with { InputDropRate = 0.5 } }).Build(1, 1);
        Assert.False(network.HasDropout);
        Assert.Empty(DropoutSites.Of(network));
    }

    [Theory]
    [InlineData(1, 8, 8)]
    [InlineData(1, 28, 28)]
    [InlineData(3, 32, 32)]
    [InlineData(2, 5, 3)]
    [InlineData(1, 1, 1)]
    public void Build_Cnn_TakesImagesOfAnySize(int channels, int height, int width)
    {
        int[] shape = [channels, height, width];
        using DisposeScope scope = NewDisposeScope();
        using Network network = (Small() with { RowShape = shape, Outputs = 4, Network = NetworkCatalog.Resolve(new NetworkOptions(), shape) }).Build(1, 1);
        Assert.Equal([5, 4], network.call(randn(5, channels, height, width)).shape);
    }

    [Fact]
    public void Resolve_NoKind_IsMlpForRowsAndCnnForImages()
    {
        Assert.Equal("mlp", NetworkCatalog.Resolve(new NetworkOptions(), [12]).Kind);
        Assert.Equal("cnn", NetworkCatalog.Resolve(new NetworkOptions(), [1, 8, 8]).Kind);
    }

    [Fact]
    public void Resolve_CnnForRows_NamesWhatItNeeds()
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => NetworkCatalog.Resolve(new NetworkOptions { Kind = "cnn" }, [12]));
        Assert.Equal("Network cnn needs images; received rows of 12 features.", error.Message);
    }

    [Fact]
    public void Forward_InTraining_LeavesNoTensorBehind()
    {
        using Network network = (Small() with { Variant = "dropout", DropRate = 0.5 }).Build(1, 1);
        using Tensor input = randn(4, 3);
        using (NewDisposeScope())
        {
            network.call(input);
        }

        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 5; i++)
        {
            using (NewDisposeScope())
            {
                network.call(input).sum().backward();
            }
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    internal static NetworkBlueprint Small() => new()
    {
        Network = NetworkCatalog.Resolve(new NetworkOptions { HiddenSizes = [17] }, [3]),
        RowShape = [3],
        Outputs = 2,
        Variant = "none",
        DropRate = 0,
    };

    private static float[] Weights(Network network) => [.. network.parameters().SelectMany(parameter => parameter.detach().flatten().data<float>())];
}
