using DropoutSharp.Lab.Claims;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class ClaimCatalogTests
{
    [Fact]
    public void All_Claims_AreNumberedFromOneToThirteen() =>
        Assert.Equal(Enumerable.Range(1, 13), ClaimCatalog.All.Select(claim => claim.Number));

    [Fact]
    public void All_Names_AreDifferent() =>
        Assert.Equal(ClaimCatalog.All.Count, ClaimCatalog.All.Select(claim => claim.Name).Distinct().Count());

    [Fact]
    public void Find_NameOrNumber_GivesTheClaim() =>
        Assert.Equal(["rates", "language"], ClaimCatalog.Find(["Rates", "13", "rates"]).Select(claim => claim.Name));

    [Fact]
    public void Find_Nothing_GivesAll() => Assert.Equal(13, ClaimCatalog.Find([]).Count);

    [Fact]
    public void Find_UnknownName_NamesTheClaims()
    {
        var mistake = Assert.Throws<UserErrorException>(() => ClaimCatalog.Find(["x"]));

        Assert.StartsWith("Claim must be a name or a number from 1 to 13; received 'x'; the claims are 'expectation', 'rates',", mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith("'language'.", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate", "'rates'")]
    [InlineData("normalisation", "'normalization'")]
    [InlineData("stochasticdepth", "'stochastic-depth'")]
    public void Find_MisspelledName_SuggestsTheNearest(string asked, string meant)
    {
        var mistake = Assert.Throws<UserErrorException>(() => ClaimCatalog.Find([asked]));

        Assert.Contains($"did you mean {meant}", mistake.Message, StringComparison.Ordinal);
    }
}
