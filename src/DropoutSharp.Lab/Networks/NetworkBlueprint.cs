using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>Everything that decides a network before it is trained, as plain data: it can be written to a file and built again.</summary>
public sealed record NetworkBlueprint
{
    /// <summary>The network, with nothing left open.</summary>
    public required NetworkOptions Network { get; init; }

    /// <summary>The shape of one row: <c>[features]</c> or <c>[channels, height, width]</c>.</summary>
    public required IReadOnlyList<int> RowShape { get; init; }

    /// <summary>The number of classes, or 1 for regression.</summary>
    public required int Outputs { get; init; }

    /// <summary>The variant's identifier.</summary>
    public required string Variant { get; init; }

    /// <summary>The drop rate; 0 for no dropout.</summary>
    public required double DropRate { get; init; }

    /// <summary>Builds the network, in training mode, with its first weights.</summary>
    /// <param name="weightKey">Decides the first weights.</param>
    /// <param name="maskKey">Decides the masks.</param>
    /// <exception cref="UserErrorException">The variant or the network does not exist, or the variant does not suit the network.</exception>
    public Network Build(ulong weightKey, ulong maskKey)
    {
        Variant variant = VariantCatalog.Find(Variant);
        variant.CheckSuits(Network);
        LayerList layers = new(new SitePlacer(variant, DropRate, Network, maskKey), Network.Activation, Network.Norm);
        long width = NetworkCatalog.Find(Network.Kind!).AddHiddenLayers(layers, RowShape, Network);
        layers.Add(WeightInitializer.OutputName, nn.Linear(width, Outputs), Outputs == 1 ? "1 output" : $"{Outputs} outputs");
        Network network = new(layers.Modules, layers.Description);
        WeightInitializer.Initialize(network, Network.Activation, weightKey);
        return network;
    }
}
