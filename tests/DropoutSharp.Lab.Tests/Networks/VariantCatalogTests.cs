using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Networks;

/// <summary>What every variant in the catalogue keeps, those added later too.</summary>
public sealed class VariantCatalogTests
{
    private static readonly int[][] RowShapes = [[6], [1, 8, 8]];

    public static TheoryData<string, string, Activation, int> Suited()
    {
        TheoryData<string, string, Activation, int> data = [];
        foreach (Variant variant in VariantCatalog.All)
        {
            foreach (NetworkKind kind in NetworkCatalog.All)
            {
                foreach (Activation activation in (Activation[])[Activation.Relu, Activation.Selu]) // the two that variants tell apart
                {
                    for (int shape = kind.NeedsImages ? 1 : 0; shape < RowShapes.Length; shape++)
                    {
                        if (variant.Suits(Options(kind, activation, shape)))
                        {
                            data.Add(variant.Id, kind.Id, activation, shape);
                        }
                    }
                }
            }
        }

        return data;
    }

    [Fact]
    public void All_Ids_AreUniqueAndNoneIsFirst()
    {
        Assert.Equal(VariantCatalog.All.Count, VariantCatalog.All.Select(variant => variant.Id).Distinct().Count());
        Assert.Same(VariantCatalog.None, VariantCatalog.All[0]);
    }

    [Fact]
    public void All_Rates_RiseInsideTheOpenInterval()
    {
        Assert.Empty(VariantCatalog.None.Rates);
        Assert.All(VariantCatalog.All.Skip(1), variant =>
        {
            Assert.NotEmpty(variant.Rates);
            Assert.Equal(variant.Rates.Order(), variant.Rates);
            Assert.All(variant.Rates, rate => Assert.InRange(rate, 0.001, 0.999));
        });
    }

    [Theory]
    [MemberData(nameof(Suited))]
    public void Build_SuitedNetwork_LearnsInTrainingAndIsStillInEvaluation(string variantId, string kindId, Activation activation, int shape)
    {
        Variant variant = VariantCatalog.Find(variantId);
        NetworkBlueprint blueprint = new()
        {
            Network = Options(NetworkCatalog.Find(kindId), activation, shape),
            RowShape = RowShapes[shape],
            Outputs = 3,
            Variant = variantId,
            DropRate = variant.IsNone ? 0 : variant.Rates[^1],
        };
        using DisposeScope scope = NewDisposeScope();
        using Network network = blueprint.Build(1, 2);
        Tensor input = linspace(-1, 1, 4 * RowShapes[shape].Aggregate(1, (a, b) => a * b)).reshape([4, .. RowShapes[shape].Select(size => (long)size)]);

        Tensor training = network.call(input);
        training.sum().backward();

        // One draw for a whole batch often repeats itself.
        bool repeats = Enumerable.Range(0, variant.IsNone ? 1 : 40).All(_ => training.equal(network.call(input)).all().item<bool>());
        network.eval();
        Tensor[] evaluation = [network.call(input), network.call(input)];

        Assert.Equal(variant.IsNone, repeats);
        Assert.True(evaluation[0].equal(evaluation[1]).all().item<bool>());
        Assert.Contains(network.parameters(), parameter => parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0);
        Assert.Equal(!variant.IsNone, network.HasDropout);
        Assert.Equal(DropoutSites.Of(network).Count, DropoutSites.Of(network).Select(site => site.Site.Position.Site).Distinct().Count());
    }

    [Fact]
    public void Find_Unknown_NamesWhatThereIs()
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => VariantCatalog.Find("dropuot"));
        Assert.StartsWith("Variant must be one of none, dropout", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; received dropuot.", error.Message, StringComparison.Ordinal);
    }

    private static NetworkOptions Options(NetworkKind kind, Activation activation, int shape) =>
        NetworkCatalog.Resolve(new NetworkOptions { Kind = kind.Id, Activation = activation, InputDropRate = 0.2 }, RowShapes[shape]);
}
