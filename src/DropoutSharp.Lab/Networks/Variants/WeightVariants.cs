using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The variants of the weights of dense layers, and those that learn their rate there.</summary>
internal static class WeightVariants
{
    public static Variant DropConnect { get; } = new()
    {
        Id = "dropconnect",
        Name = "DropConnect",
        Summary = "drops single weights of the hidden dense layers, one mask a batch (Wan 2013)",
        Rates = VariantRates.Usual,
        IsTriedByDefault = false,
        Needs = "a chain of dense layers",
        Suits = static network => NetworkNeeds.Is(network, "mlp", "cnn"),
        CreateModule = static _ => null,
        WrapDense = static (site, layer) => new DropConnect(layer, site.Rate.Value, seed: site.Key, site: site.Number),
    };

    public static Variant Concrete { get; } = new()
    {
        Id = "concrete",
        Name = "Concrete dropout",
        Summary = "learns the rate before each hidden dense layer, from the one given on (Gal 2017)",
        Rates = [0.1],
        LearnsRates = true,
        IsTriedByDefault = false,
        Needs = "a chain of dense layers",
        Suits = static network => NetworkNeeds.Is(network, "mlp", "cnn"),
        CreateModule = static _ => null,
        WrapDense = static (site, layer) => new ConcreteDropout(layer, new ConcreteDropoutOptions(site.Rate.Value), site.Key, site.Number),
    };

    public static Variant Variational { get; } = new()
    {
        Id = "variational",
        Name = "Variational dropout",
        Summary = "learns Gaussian noise on each weight of the hidden dense layers, from the rate given on (Kingma 2015, type B)",
        Rates = [0.1, 0.3, 0.5],
        LearnsRates = true,
        IsTriedByDefault = false,
        Needs = "a chain of dense layers",
        Suits = static network => NetworkNeeds.Is(network, "mlp", "cnn"),
        CreateModule = static _ => null,
        WrapDense = static (site, layer) => WrapLinear(layer, linear => new VariationalLinear(
            linear.in_features, linear.out_features,
            new VariationalOptions(VariationalKind.TypeB, InitialAlpha: Math.Min(1, site.Rate.Value / site.Rate.KeepProbability)), linear.bias is not null, site.Key, site.Number)),
    };

    public static Variant Sparse { get; } = new()
    {
        Id = "sparse",
        Name = "Sparse variational dropout",
        Summary = "learns Gaussian noise on each weight of the hidden dense layers until most are noise and can be pruned (Molchanov 2017); the rate given is what it starts from",
        Rates = [0.05],
        LearnsRates = true,
        IsTriedByDefault = false,
        Needs = "a chain of dense layers",
        Suits = static network => NetworkNeeds.Is(network, "mlp", "cnn"),
        CreateModule = static _ => null,
        WrapDense = static (site, layer) => WrapLinear(layer, linear => new VariationalLinear(
            linear.in_features, linear.out_features,

            // A weight's variance is about 1/inputs at first, of which the noise is to be α times as much.
            new VariationalOptions(InitialLogVariance: Math.Log(site.Rate.Value / site.Rate.KeepProbability / linear.in_features)), linear.bias is not null, site.Key, site.Number)),
    };

    private static VariationalLinear WrapLinear(nn.Module<Tensor, Tensor> layer, Func<TorchSharp.Modules.Linear, VariationalLinear> wrap) =>
        layer is TorchSharp.Modules.Linear linear ? wrap(linear) : throw new InvalidOperationException($"A hidden dense layer must be a Linear; received {layer.GetType().Name}.");
}
