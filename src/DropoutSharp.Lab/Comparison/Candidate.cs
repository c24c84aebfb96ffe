using System.Globalization;
using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Comparison;

/// <summary>A variant at a rate.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="DropRate">The drop rate; 0 for no dropout.</param>
public sealed record Candidate(Variant Variant, double DropRate)
{
    /// <summary>A name for files, such as <c>dropout-0.2</c>.</summary>
    public string Id => Variant.IsNone ? Variant.Id : string.Create(CultureInfo.InvariantCulture, $"{Variant.Id}-{DropRate}");

    /// <summary>Every candidate of a comparison, "none" first, then the variants in the catalogue's order with rising rates.</summary>
    /// <param name="options">What is compared; the network is resolved.</param>
    /// <exception cref="UserErrorException">A variant that was asked for does not suit the network.</exception>
    public static IReadOnlyList<Candidate> All(ComparisonOptions options)
    {
        IReadOnlyList<Variant> suited = VariantCatalog.SuitedTo(options.Network);
        Variant[] named = [.. (options.Variants ?? []).Where(id => !VariantCatalog.IsAll(id)).Select(VariantCatalog.Find)];
        foreach (Variant variant in named)
        {
            variant.CheckSuits(options.Network);
        }

        bool all = options.Variants?.Any(VariantCatalog.IsAll) == true;
        IEnumerable<Variant> variants = options.Variants is null
            ? suited.Where(static variant => variant.IsTriedByDefault)
            : suited.Where(variant => all || named.Contains(variant));
        return
        [
            new Candidate(VariantCatalog.None, 0),
            .. variants.Where(variant => !variant.IsNone)
                .SelectMany(variant => (options.Rates ?? variant.Rates).Distinct().Order().Select(rate => new Candidate(variant, rate))),
        ];
    }
}
