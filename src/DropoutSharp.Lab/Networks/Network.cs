using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>A chain of layers that ends in one output a class, or one for regression.</summary>
public sealed class Network : nn.Module<Tensor, Tensor>, IModuleChain
{
    private readonly nn.Module<Tensor, Tensor>[] _layers;

    internal Network(IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> layers, string description)
        : base(nameof(Network))
    {
        _layers = [.. layers.Select(layer => layer.Module)];
        Description = description;
        foreach ((string name, nn.Module<Tensor, Tensor> module) in layers)
        {
            register_module(name, module);
        }

        HasDropout = DropoutSites.Of(this).Count > 0;
    }

    /// <summary>The layers in their order; they belong to the network.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Layers => _layers;

    /// <summary>The layers in one line.</summary>
    public string Description { get; }

    /// <summary>Whether a variant has put a module into it.</summary>
    public bool HasDropout { get; }

    /// <summary>The sub-networks that predict together, where the network is an ensemble of them; null otherwise.</summary>
    public SubNetworkEnsemble? Ensemble => _layers is [SubNetworkEnsemble ensemble] ? ensemble : null;

    /// <summary>Whether the network says the same thing in several ways: by dropout, or by the members of an ensemble.</summary>
    public bool HasPasses => HasDropout || Ensemble is not null;

    /// <summary>How many passes are taken where so many are asked for: an ensemble has as many as members, a network without dropout one.</summary>
    /// <param name="asked">The number asked for.</param>
    public int Passes(int asked) => HasDropout ? asked : Ensemble?.Members.Count ?? 1;

    /// <summary>The number of trained numbers.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The outputs of rows: class scores before the softmax, or the standardised target.</summary>
    /// <param name="input">Rows, shape (rows, …one row's shape).</param>
    /// <returns>Shape (rows, outputs).</returns>
    public override Tensor forward(Tensor input) => FusedLayers.Run(_layers, input);
}
