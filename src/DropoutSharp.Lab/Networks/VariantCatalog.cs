namespace DropoutSharp.Lab.Networks;

/// <summary>Every variant that can be trained and compared. A variant that is added here appears everywhere.</summary>
public static class VariantCatalog
{
    /// <summary>What stands for every variant that suits the network, those too that are not tried by default.</summary>
    public const string AllId = "all";

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
        UnitVariants.Dropout,
        UnitVariants.Gaussian,
        UnitVariants.Alpha,
        MapVariants.FeatureAlpha,
        MapVariants.Spatial,
        MapVariants.DropBlock,
        WeightVariants.DropConnect,
        WeightVariants.Concrete,
        WeightVariants.Variational,
        WeightVariants.Sparse,
        UnitVariants.Batchwise,
        PathVariants.StochasticDepth,
        PathVariants.LayerDrop,
        TokenVariants.Attention,
        TokenVariants.Patch,
        TokenVariants.Locked,
    ];

    /// <summary>The variant of an identifier.</summary>
    /// <param name="id">The identifier, in any case.</param>
    /// <exception cref="UserErrorException">There is none; the message names those there are.</exception>
    public static Variant Find(string id) =>
        All.FirstOrDefault(variant => variant.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException($"Variant must be one of {string.Join(", ", All.Select(variant => variant.Id))}; received {id}.");

    /// <summary>Whether an identifier stands for every variant that suits the network.</summary>
    /// <param name="id">The identifier, in any case.</param>
    public static bool IsAll(string id) => id.Equals(AllId, StringComparison.OrdinalIgnoreCase);

    /// <summary>The variants that suit a network, <see cref="None"/> first.</summary>
    /// <param name="network">The network, its kind resolved.</param>
    public static IReadOnlyList<Variant> SuitedTo(NetworkOptions network) => [.. All.Where(variant => variant.Suits(network))];
}
