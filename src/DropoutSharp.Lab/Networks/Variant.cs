using DropoutSharp.Torch;
using TorchSharp;

namespace DropoutSharp.Lab.Networks;

/// <summary>A kind of dropout as the comparison sees it: what it is called, where it suits, which rates to try, and its modules.</summary>
public sealed record Variant
{
    /// <summary>The identifier on the command line and in files, such as <c>dropout</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name for people, such as <c>Dropout</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in half a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The drop rates that a comparison tries, rising; empty for no dropout.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>Whether the rates are learned with the weights, so that the rate given is only where they start.</summary>
    public bool LearnsRates { get; init; }

    /// <summary>Whether a comparison that names no variants tries it. The slow and the special are asked for by name.</summary>
    public bool IsTriedByDefault { get; init; } = true;

    /// <summary>What a network must have for the variant to make sense, as in "needs …"; null where every network will do.</summary>
    public string? Needs { get; init; }

    /// <summary>Whether a network, its kind resolved, has what the variant needs.</summary>
    public Func<NetworkOptions, bool> Suits { get; init; } = static _ => true;

    /// <summary>Makes the module of a site; null where the variant does nothing at that place.</summary>
    public required Func<SitePlacement, torch.nn.Module<torch.Tensor, torch.Tensor>?> CreateModule { get; init; }

    /// <summary>How a residual branch is dropped; null where the variant leaves branches alone.</summary>
    public Func<SitePlacement, PathOptions>? CreatePath { get; init; }

    /// <summary>Makes the module that takes the place of a hidden dense layer, around it; null where the variant leaves weights alone.</summary>
    public Func<SitePlacement, torch.nn.Module<torch.Tensor, torch.Tensor>, torch.nn.Module<torch.Tensor, torch.Tensor>>? WrapDense { get; init; }

    /// <summary>Makes the module that runs the blocks of a residual network one after the other; null for the plain chain.</summary>
    public Func<SitePlacement, IReadOnlyList<torch.nn.Module<torch.Tensor, torch.Tensor>>, torch.nn.Module<torch.Tensor, torch.Tensor>>? WrapBlocks { get; init; }

    /// <summary>Whether this is the network without dropout.</summary>
    public bool IsNone => Id == VariantCatalog.None.Id;

    /// <summary>Refuses a network that lacks what the variant needs.</summary>
    /// <param name="network">The network, its kind resolved.</param>
    /// <exception cref="UserErrorException">The network lacks it; the message says what.</exception>
    public void CheckSuits(NetworkOptions network)
    {
        if (!Suits(network))
        {
            throw new UserErrorException(
                $"Variant {Id} needs {Needs}; received network {network.Kind} with activation {network.Activation.ToString().ToLowerInvariant()}.");
        }
    }
}
