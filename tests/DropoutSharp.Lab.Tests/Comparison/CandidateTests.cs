using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class CandidateTests
{
    [Fact]
    public void All_NoVariantsNamed_AreThoseTriedByDefault() =>
        Assert.Equal(VariantCatalog.SuitedTo(Network("resmlp")).Where(variant => variant.IsTriedByDefault), Variants("resmlp", Activation.Relu, null));

    [Theory]
    [InlineData("all")]
    [InlineData("ALL", "none")]
    [InlineData("layerdrop", "all")]
    public void All_WordAll_IsEveryVariantThatSuitsTheNetwork(params string[] words) =>
        Assert.Equal(VariantCatalog.SuitedTo(Network("resmlp")), Variants("resmlp", Activation.Relu, words));

    [Fact]
    public void All_EveryVariant_SuitsSomeNetwork()
    {
        IEnumerable<Variant> found = NetworkCatalog.All
            .SelectMany(kind => ((Activation[])[Activation.Relu, Activation.Selu]).SelectMany(activation => Variants(kind.Id, activation, ["all"])));
        Assert.Equal(VariantCatalog.All.Select(variant => variant.Id).Order(), found.Select(variant => variant.Id).Distinct().Order());
    }

    [Fact]
    public void All_UnsuitedBesideAll_IsRefused()
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => Variants("mlp", Activation.Relu, ["all", "patch"]));
        Assert.Equal("Variant patch needs tokens; received network mlp with activation relu.", error.Message);
    }

    [Fact]
    public void All_VariantsInAnyOrder_AreInTheCataloguesWithRisingRates()
    {
        ComparisonOptions options = new() { Network = Network("mlp"), Variants = ["gaussian", "dropout"], Rates = [0.5, 0.1, 0.5] };
        Assert.Equal(["none", "dropout-0.1", "dropout-0.5", "gaussian-0.1", "gaussian-0.5"], Candidate.All(options).Select(candidate => candidate.Id));
    }

    private static IEnumerable<Variant> Variants(string kind, Activation activation, IReadOnlyList<string>? words) =>
        Candidate.All(new ComparisonOptions { Network = Network(kind, activation), Variants = words }).Select(candidate => candidate.Variant).Distinct();

    private static NetworkOptions Network(string kind, Activation activation = Activation.Relu) =>
        NetworkCatalog.Resolve(new NetworkOptions { Kind = kind, Activation = activation }, [1, 8, 8]);
}
