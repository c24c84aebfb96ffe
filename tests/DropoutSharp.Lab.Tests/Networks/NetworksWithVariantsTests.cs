using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Networks;

/// <summary>Every network with every variant that suits it.</summary>
public sealed class NetworksWithVariantsTests
{
    public static TheoryData<string, string, int[]> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, int[]>();
            foreach (NetworkKind kind in NetworkCatalog.All)
            {
                foreach (int[] shape in kind.NeedsImages ? [[2, 9, 7]] : new int[][] { [6], [2, 9, 7] })
                {
                    foreach (Variant variant in VariantCatalog.All.Where(variant => variant.Suits(Options(kind.Id, variant.Id, shape))))
                    {
                        pairs.Add(kind.Id, variant.Id, shape);
                    }
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Build_SuitedVariant_DropsInTrainingOnly(string kind, string variant, int[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkBlueprint blueprint = new()
        {
            Network = Options(kind, variant, shape),
            RowShape = shape,
            Outputs = 3,
            Variant = variant,
            DropRate = variant == "none" ? 0 : 0.5,
        };
        using Network network = blueprint.Build(1, 2), plain = (blueprint with { Variant = "none", DropRate = 0 }).Build(1, 2);
        Tensor input = randn([16, .. shape.Select(size => (long)size)]);
        IReadOnlyList<(string Path, DropoutSite Site)> sites = DropoutSites.Of(network);

        Assert.Equal(variant == "none", sites.Count == 0);
        Assert.Equal(sites.Count, sites.Select(site => site.Site.Position.Site).Distinct().Count());
        bool learns = LearnedDropout.Of(network).Count > 0;
        Assert.Equal(VariantCatalog.Find(variant).LearnsRates, learns);
        Assert.Equal(learns, network.ParameterCount > plain.ParameterCount);
        Assert.True(learns || network.ParameterCount == plain.ParameterCount);
        Assert.Equal([16, 3], network.call(input).shape);
        network.call(input).sum().backward();
        if (variant != "none")
        {
            Assert.All(sites, site => Assert.Equal(2u, site.Site.Position.Step));
        }

        // In evaluation the network without dropout and this one are the same function of the same weights.
        NetworkBlueprint image = blueprint;
        using Network fresh = image.Build(1, 2);
        fresh.eval();
        plain.eval();
        using (no_grad())
        {
            Assert.True(fresh.call(input).allclose(plain.call(input), rtol: 1e-4, atol: 1e-5));
            if (variant != "none")
            {
                fresh.train();
                Assert.False(fresh.call(input).allclose(plain.call(input), rtol: 1e-3, atol: 1e-4) && fresh.call(input).allclose(plain.call(input), rtol: 1e-3, atol: 1e-4));
            }
        }
    }

    [Fact]
    public void Build_StochasticDepth_DropsLaterBranchesMore()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = new NetworkBlueprint
        {
            Network = Options("resmlp", "stochastic-depth", [6]) with { HiddenSizes = [8, 8, 8, 8] },
            RowShape = [6],
            Outputs = 2,
            Variant = "stochastic-depth",
            DropRate = 0.4,
        }.Build(1, 2);
        Assert.Equal([0.1, 0.2, 0.3, 0.4], DropoutSites.Of(network).Select(site => Math.Round(site.Site.DropRate.Value, 12)));
    }

    [Fact]
    public void Build_TransformerWithoutSizes_SaysWhatItNeeds() => Assert.Throws<UserErrorException>(() => new NetworkBlueprint
    {
        Network = Options("transformer", "none", [6]) with { HiddenSizes = [] },
        RowShape = [6],
        Outputs = 2,
        Variant = "none",
        DropRate = 0,
    }.Build(1, 2));

    private static NetworkOptions Options(string kind, string variant, int[] shape)
    {
        Activation activation = variant.Contains("alpha", StringComparison.Ordinal) ? Activation.Selu : Activation.Relu;
        return NetworkCatalog.Resolve(new NetworkOptions { Kind = kind, Activation = activation }, shape);
    }
}
