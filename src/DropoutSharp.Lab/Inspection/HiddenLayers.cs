using DropoutSharp.Lab.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Inspection;

/// <summary>The hidden layers of a network, by what comes out of their activations.</summary>
internal static class HiddenLayers
{
    /// <summary>The paths of all activations, in the order in which the network holds them.</summary>
    public static IReadOnlyList<string> Of(nn.Module network) =>
        [.. network.named_modules().Where(entry => IsActivation(entry.module)).Select(entry => entry.name).Distinct()];

    /// <summary>The layer of a name that two networks have, or the last that both have.</summary>
    /// <param name="network">One network.</param>
    /// <param name="other">The other one.</param>
    /// <param name="name">The layer's path; null for the last.</param>
    /// <exception cref="UserErrorException">There is no such layer in both.</exception>
    public static string Shared(nn.Module network, nn.Module other, string? name)
    {
        string[] shared = [.. Of(network).Intersect(Of(other))];
        if (shared.Length == 0)
        {
            throw new UserErrorException("Two models must share a hidden layer of one name to be compared; these two share none.");
        }

        return name is null ? shared[^1]
            : shared.Contains(name) ? name
            : throw new UserErrorException($"Layer must be a hidden layer of both models; received '{name}'{NearNames.Suggest(name, shared, "layers")}");
    }

    private static bool IsActivation(nn.Module module) => module is ReLU or SELU or GELU or SiLU or ELU or LeakyReLU or Tanh;
}
