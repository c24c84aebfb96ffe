using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>Every variant that can be trained and compared. A variant that is added here appears everywhere.</summary>
public static class VariantCatalog
{
    private static readonly double[] Rates = [0.05, 0.1, 0.2, 0.3, 0.5];
    private static readonly double[] AlphaRates = [0.05, 0.1, 0.15, 0.2, 0.3];

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
        new Variant
        {
            Id = "dropout",
            Name = "Dropout",
            Summary = "drops single activations, and attention weights (Srivastava 2014)",
            Rates = Rates,
            CreateModule = static site => site.Place switch
            {
                DropoutPlace.Tokens => null,
                DropoutPlace.Attention => new AttentionDropout(site.Rate.Value, seed: site.Key, site: site.Number),
                _ => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
            },
        },
        new Variant
        {
            Id = "gaussian",
            Name = "Gaussian dropout",
            Summary = "multiplies activations with noise of the same variance (Srivastava 2014, section 10)",
            Rates = Rates,
            CreateModule = static site => site.Place is DropoutPlace.Tokens or DropoutPlace.Attention
                ? null
                : new GaussianDropout(site.Rate.Value, seed: site.Key, site: site.Number),
        },
        new Variant
        {
            Id = "alpha",
            Name = "Alpha dropout",
            Summary = "drops to the value that keeps mean 0 and variance 1 behind SELU (Klambauer 2017)",
            Rates = AlphaRates,
            Needs = "the activation selu",
            Suits = static network => network.Activation == Activation.Selu,
            CreateModule = static site => site.Place is DropoutPlace.Input or DropoutPlace.Hidden or DropoutPlace.FeatureMap
                ? new AlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number)
                : null,
        },
        new Variant
        {
            Id = "feature-alpha",
            Name = "Feature alpha dropout",
            Summary = "alpha dropout of whole feature maps and of hidden units (Klambauer 2017)",
            Rates = AlphaRates,
            IsTriedByDefault = false,
            Needs = "convolutions and the activation selu",
            Suits = static network => HasMaps(network) && network.Activation == Activation.Selu,
            CreateModule = static site => site.Place switch
            {
                DropoutPlace.FeatureMap => new FeatureAlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number),
                DropoutPlace.Hidden => new AlphaDropout(site.Rate.Value, seed: site.Key, site: site.Number),
                _ => null,
            },
        },
        new Variant
        {
            Id = "spatial",
            Name = "Spatial dropout",
            Summary = "drops whole feature maps, and single units of dense layers (Tompson 2015)",
            Rates = Rates,
            Needs = "convolutions",
            Suits = HasMaps,
            CreateModule = static site => site.Place switch
            {
                DropoutPlace.FeatureMap => new SpatialDropout2d(site.Rate.Value, seed: site.Key, site: site.Number),
                DropoutPlace.Hidden => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
                _ => null,
            },
        },
        new Variant
        {
            Id = "dropblock",
            Name = "DropBlock",
            Summary = "drops blocks of 3×3 cells of feature maps, and single units of dense layers (Ghiasi 2018)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "convolutions",
            Suits = HasMaps,
            CreateModule = static site => site.Place switch
            {
                DropoutPlace.FeatureMap => new DropBlock2d(site.Rate.Value, blockSize: 3, seed: site.Key, site: site.Number),
                DropoutPlace.Hidden => new Dropout(site.Rate.Value, seed: site.Key, site: site.Number),
                _ => null,
            },
        },
        new Variant
        {
            Id = "dropconnect",
            Name = "DropConnect",
            Summary = "drops single weights of the hidden dense layers, one mask a batch (Wan 2013)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "a chain of dense layers",
            Suits = static network => Is(network, "mlp", "cnn"),
            CreateModule = static _ => null,
            WrapDense = static (site, layer) => new DropConnect(layer, site.Rate.Value, seed: site.Key, site: site.Number),
        },
        new Variant
        {
            Id = "concrete",
            Name = "Concrete dropout",
            Summary = "learns the rate before each hidden dense layer, from the one given on (Gal 2017)",
            Rates = [0.1],
            IsTriedByDefault = false,
            Needs = "a chain of dense layers",
            Suits = static network => Is(network, "mlp", "cnn"),
            CreateModule = static _ => null,
            WrapDense = static (site, layer) => new ConcreteDropout(layer, new ConcreteDropoutOptions(site.Rate.Value), site.Key, site.Number),
        },
        new Variant
        {
            Id = "variational",
            Name = "Variational dropout",
            Summary = "learns Gaussian noise on each weight of the hidden dense layers, from the rate given on (Kingma 2015, type B)",
            Rates = [0.1, 0.3, 0.5],
            IsTriedByDefault = false,
            Needs = "a chain of dense layers",
            Suits = static network => Is(network, "mlp", "cnn"),
            CreateModule = static _ => null,
            WrapDense = static (site, layer) => WrapLinear(layer, linear => new VariationalLinear(
                linear.in_features, linear.out_features,
                new VariationalOptions(VariationalKind.TypeB, InitialAlpha: Math.Min(1, site.Rate.Value / site.Rate.KeepProbability)), linear.bias is not null, site.Key, site.Number)),
        },
        new Variant
        {
            Id = "sparse",
            Name = "Sparse variational dropout",
            Summary = "learns Gaussian noise on each weight of the hidden dense layers until most are noise and can be pruned (Molchanov 2017); the rate given is what it starts from",
            Rates = [0.05],
            IsTriedByDefault = false,
            Needs = "a chain of dense layers",
            Suits = static network => Is(network, "mlp", "cnn"),
            CreateModule = static _ => null,
            WrapDense = static (site, layer) => WrapLinear(layer, linear => new VariationalLinear(
                linear.in_features, linear.out_features,

                // A weight's variance is about 1/inputs at first, of which the noise is to be α times as much.
                new VariationalOptions(InitialLogVariance: Math.Log(site.Rate.Value / site.Rate.KeepProbability / linear.in_features)), linear.bias is not null, site.Key, site.Number)),
        },
        new Variant
        {
            Id = "batchwise",
            Name = "Batchwise dropout",
            Summary = "drops the same units for all rows of a batch (Graham 2015)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "a network without attention",
            Suits = static network => !Is(network, "transformer"),
            CreateModule = static site => new BatchwiseDropout(
                site.Rate.Value, site.Place == DropoutPlace.FeatureMap ? 1 : -1, seed: site.Key, site: site.Number),
        },
        new Variant
        {
            Id = "stochastic-depth",
            Name = "Stochastic depth",
            Summary = "drops residual branches, more of the later ones; a dropped branch is not run (Huang 2016)",
            Rates = Rates,
            Needs = "residual branches",
            Suits = HasBranches,
            CreateModule = static _ => null,
            CreatePath = static site => new PathOptions(site.Rate.Value, StochasticDepthMode.Subset, Seed: site.Key, Site: site.Number),
        },
        new Variant
        {
            Id = "layerdrop",
            Name = "LayerDrop",
            Summary = "skips whole blocks, all with the same rate (Fan 2020)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "residual blocks of one width",
            Suits = static network => Is(network, "resmlp", "transformer"),
            CreateModule = static _ => null,
            WrapBlocks = static (site, blocks) => new LayerDrop(blocks, site.Rate.Value, site.Key, site.Number),
        },
        new Variant
        {
            Id = "attention",
            Name = "Attention dropout",
            Summary = "drops attention weights alone (Vaswani 2017)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "attention",
            Suits = static network => Is(network, "transformer"),
            CreateModule = static site => site.Place == DropoutPlace.Attention
                ? new AttentionDropout(site.Rate.Value, seed: site.Key, site: site.Number)
                : null,
        },
        new Variant
        {
            Id = "patch",
            Name = "PatchDropout",
            Summary = "computes with a random part of the tokens (Liu 2022)",
            Rates = Rates,
            Needs = "tokens",
            Suits = static network => Is(network, "transformer"),
            CreateModule = static site => site.Place == DropoutPlace.Tokens
                ? new PatchDropout(site.Rate.Value, prefixTokens: 0, site.Key, site.Number)
                : null,
        },
        new Variant
        {
            Id = "locked",
            Name = "Locked dropout",
            Summary = "drops the same features of all tokens of a row (Gal 2016)",
            Rates = Rates,
            IsTriedByDefault = false,
            Needs = "tokens",
            Suits = static network => Is(network, "transformer"),
            CreateModule = static site => site.Place is DropoutPlace.Hidden or DropoutPlace.BranchOutput
                ? new LockedDropout(site.Rate.Value, seed: site.Key, site: site.Number)
                : null,
        },
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

    private static VariationalLinear WrapLinear(nn.Module<Tensor, Tensor> layer, Func<TorchSharp.Modules.Linear, VariationalLinear> wrap) =>
        layer is TorchSharp.Modules.Linear linear ? wrap(linear) : throw new InvalidOperationException($"A hidden dense layer must be a Linear; received {layer.GetType().Name}.");

    private static bool HasMaps(NetworkOptions network) => Is(network, "cnn", "resnet");

    private static bool HasBranches(NetworkOptions network) => Is(network, "resmlp", "resnet", "transformer");

    private static bool Is(NetworkOptions network, params ReadOnlySpan<string> kinds) => network.Kind is { } kind && kinds.Contains(kind);
}
