using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>Every variant that can be trained and compared. A variant that is added here appears everywhere.</summary>
public static class VariantCatalog
{
    private static readonly double[] s_rates = [0.1, 0.2, 0.3, 0.4, 0.5];

    /// <summary>No dropout: what every other variant is compared with.</summary>
    public static Variant None { get; } = new()
    {
        Id = "none",
        Name = "No dropout",
        Summary = "the network as it is",
        Rates = [],
        CreateModule = static _ => null,
    };

    /// <summary>Every variant; <see cref="None"/> comes first.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        None,
        new Variant
        {
            Id = "dropout",
            Name = "Dropout",
            Summary = "drops single activations (Srivastava 2014)",
            Rates = s_rates,
            CreateModule = static site => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
        },
        new Variant
        {
            Id = "gaussian",
            Name = "Gaussian dropout",
            Summary = "multiplies activations with noise of the same variance (Srivastava 2014, section 10)",
            Rates = s_rates,
            CreateModule = static site => new GaussianDropout(site.Rate.Value, seed: site.Key, site: site.Number),
        },
        new Variant
        {
            Id = "alpha",
            Name = "Alpha dropout",
            Summary = "drops to the value that keeps mean 0 and variance 1 behind SELU (Klambauer 2017)",
            Rates = [0.05, 0.1, 0.15, 0.2, 0.3],
            Needs = "the activation selu",
            Suits = static network => network.Activation == Activation.Selu,
            CreateModule = static site => new AlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number),
        },
    ];

    /// <summary>The variant of an identifier.</summary>
    /// <param name="id">The identifier, in any case.</param>
    /// <exception cref="UserErrorException">There is none; the message names those there are.</exception>
    public static Variant Find(string id) =>
        All.FirstOrDefault(variant => variant.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException($"Variant must be one of {string.Join(", ", All.Select(variant => variant.Id))}; received {id}.");

    /// <summary>The variants that suit a network, <see cref="None"/> first.</summary>
    /// <param name="network">The network, its kind resolved.</param>
    public static IReadOnlyList<Variant> SuitedTo(NetworkOptions network) => [.. All.Where(variant => variant.Suits(network))];
}
