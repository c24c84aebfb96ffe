using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Models;

/// <summary>A trained network and what belongs to it. Owns the network.</summary>
/// <param name="Description">Everything but the weights.</param>
/// <param name="Network">The network with its weights, in evaluation mode.</param>
public sealed record Model(ModelDescription Description, Network Network) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
