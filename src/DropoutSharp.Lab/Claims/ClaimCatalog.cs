using DropoutSharp.Lab.Claims.Experiments;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Claims;

/// <summary>Every claim there is.</summary>
public static class ClaimCatalog
{
    /// <summary>All claims by number.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new ExpectationClaim(),
        new RatesClaim(),
        new WeightScalingClaim(),
        new UncertaintyClaim(),
        new CoAdaptationClaim(),
        new DropConnectClaim(),
        new SpatialClaim(),
        new StochasticDepthClaim(),
        new VariationalClaim(),
        new ConcreteClaim(),
        new DataClaim(),
        new NormalizationClaim(),
        new LanguageClaim(),
    ];

    /// <summary>Claims by name or number.</summary>
    /// <param name="names">Names or numbers; empty for all.</param>
    /// <exception cref="UserErrorException">There is no such claim.</exception>
    public static IReadOnlyList<Claim> Find(IReadOnlyCollection<string> names) => names.Count == 0
        ? All
        : [.. names.Select(name => All.FirstOrDefault(claim =>
                string.Equals(claim.Name, name, StringComparison.OrdinalIgnoreCase)
                || claim.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == name)
            ?? throw new UserErrorException($"Claim must be a name or a number from 1 to {All.Count}; received '{name}'{NearNames.Suggest(name, Names, "claims")}")).Distinct()];

    private static string[] Names => [.. All.Select(claim => claim.Name)];
}
