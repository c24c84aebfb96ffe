using System.Globalization;
using DropoutSharp.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>The layers of a network while it is built: modules under their names, and a line of words that describes them.</summary>
/// <param name="sites">Hands out dropout modules.</param>
/// <param name="activation">What follows a hidden layer.</param>
/// <param name="norm">What normalises a hidden layer.</param>
public sealed class LayerList(SitePlacer sites, Activation activation, Normalization norm = Normalization.None)
{
    private readonly List<(string Name, Module<Tensor, Tensor> Module)> _modules = [];
    private readonly List<string> _words = [];

    /// <summary>The modules in their order.</summary>
    internal IReadOnlyList<(string Name, Module<Tensor, Tensor> Module)> Modules => _modules;

    /// <summary>The layers in one line.</summary>
    internal string Description => string.Join(" → ", _words);

    /// <summary>Adds a module.</summary>
    /// <param name="name">Its name; unique in the network.</param>
    /// <param name="module">The module.</param>
    /// <param name="words">How the description calls it; null where it is not worth a word.</param>
    public void Add(string name, Module<Tensor, Tensor> module, string? words = null)
    {
        _modules.Add((name, module));
        Describe(words);
    }

    /// <summary>Adds a word to the description.</summary>
    /// <param name="words">The word; null for none.</param>
    public void Describe(string? words)
    {
        if (words is not null)
        {
            _words.Add(words);
        }
    }

    /// <summary>Adds the normalisation, where there is one.</summary>
    /// <param name="name">Names the layer that it follows.</param>
    /// <param name="width">The number of units, or of maps.</param>
    /// <param name="isMaps">Whether it follows a convolution.</param>
    public void AddNorm(string name, long width, bool isMaps)
    {
        if (norm != Normalization.None)
        {
            Add($"{name}_norm", CreateNorm(width, isMaps), $"{norm.ToString().ToLowerInvariant()} norm");
        }
    }

    /// <summary>Adds the activation.</summary>
    /// <param name="name">Names the layer that it follows.</param>
    public void AddActivation(string name) => Add($"{name}_{activation.ToString().ToLower(CultureInfo.InvariantCulture)}", CreateActivation());

    /// <summary>Makes an activation.</summary>
    public Module<Tensor, Tensor> CreateActivation() => activation switch
    {
        Activation.Relu => ReLU(),
        Activation.Selu => SELU(),
        Activation.Gelu => GELU(),
        Activation.Silu => SiLU(),
        Activation.Elu => ELU(),
        Activation.LeakyRelu => LeakyReLU(0.01),
        _ => Tanh(),
    };

    /// <summary>Hands out dropout modules.</summary>
    public SitePlacer Sites => sites;

    /// <summary>Adds the blocks of a residual network.</summary>
    /// <param name="blocks">The blocks in their order.</param>
    public void AddBlocks(IReadOnlyList<Module<Tensor, Tensor>> blocks)
    {
        if (sites.Wrap(blocks) is { } chain)
        {
            Add("blocks", chain);
            return;
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            Add($"block{i + 1}", blocks[i]);
        }
    }

    /// <summary>Adds the variant's module where the network has a site.</summary>
    /// <param name="name">Names what it follows.</param>
    /// <param name="place">What it acts on.</param>
    public void AddDropout(string name, DropoutPlace place)
    {
        if (sites.Create(place) is { } module)
        {
            Add($"{name}_dropout", module);
        }
    }

    /// <summary>Adds hidden dense layers, each with its normalisation, activation and dropout.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="sizes">The widths of the layers.</param>
    /// <returns>The width that goes out.</returns>
    public long AddDense(long inputs, IReadOnlyList<int> sizes)
    {
        for (int i = 0; i < sizes.Count; i++)
        {
            string name = $"dense{i + 1}";
            Add(name, sites.Wrap(Linear(inputs, sizes[i])), $"dense {sizes[i]}");
            AddNorm(name, sizes[i], isMaps: false);
            AddActivation(name);
            AddDropout(name, DropoutPlace.Hidden);
            inputs = sizes[i];
        }

        return inputs;
    }

    private Module<Tensor, Tensor> CreateNorm(long width, bool isMaps) => (norm, isMaps) switch
    {
        (Normalization.Batch, false) => BatchNorm1d(width),
        (Normalization.Batch, true) => BatchNorm2d(width),
        (Normalization.Layer, false) => LayerNorm(width),
        (Normalization.Layer, true) => MapNorm(width),
        (Normalization.Rms, false) => new RMSNorm(width),
        _ => throw new UserErrorException($"Norm of convolutions must be none, batch or layer; received {norm.ToString().ToLowerInvariant()}."),
    };

    /// <summary>TorchSharp 0.107 leaves the scale and shift of this normalisation as the memory was.</summary>
    private static TorchSharp.Modules.GroupNorm MapNorm(long width)
    {
        TorchSharp.Modules.GroupNorm maps = GroupNorm(1, width);
        init.ones_(maps.weight);
        init.zeros_(maps.bias);
        return maps;
    }
}
