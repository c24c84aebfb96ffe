using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The variants of tokens, and of what passes between them.</summary>
internal static class TokenVariants
{
    public static Variant Attention { get; } = new()
    {
        Id = "attention",
        Name = "Attention dropout",
        Summary = "drops attention weights alone (Vaswani 2017)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "attention",
        Suits = static network => NetworkNeeds.Is(network, "transformer"),
        CreateModule = static site => site.Place == DropoutPlace.Attention
            ? new AttentionDropout(site.Rate.Value, seed: site.Key, site: site.Number)
            : null,
    };

    public static Variant Patch { get; } = new()
    {
        Id = "patch",
        Name = "PatchDropout",
        Summary = "computes with a random part of the tokens (Liu 2022)",
        Rates = VariantRates.Usual,
        Needs = "tokens",
        Suits = static network => NetworkNeeds.Is(network, "transformer"),
        CreateModule = static site => site.Place == DropoutPlace.Tokens
            ? new PatchDropout(site.Rate.Value, prefixTokens: 0, site.Key, site.Number)
            : null,
    };

    public static Variant Locked { get; } = new()
    {
        Id = "locked",
        Name = "Locked dropout",
        Summary = "drops the same features of all tokens of a row (Gal 2016)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "tokens",
        Suits = static network => NetworkNeeds.Is(network, "transformer"),
        CreateModule = static site => site.Place is DropoutPlace.Hidden or DropoutPlace.BranchOutput
            ? new LockedDropout(site.Rate.Value, seed: site.Key, site: site.Number)
            : null,
    };
}
