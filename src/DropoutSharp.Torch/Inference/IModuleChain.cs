using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module whose forward pass is its layers one after the other, and nothing else.</summary>
/// <remarks>
/// A module with a forward of its own cannot be looked into: all of it is run in every Monte-Carlo pass. One that says by this interface that it is a chain is treated as a
/// <c>Sequential</c>: what comes before its first dropout is computed once, and what dropout removes not at all.
/// </remarks>
public interface IModuleChain
{
    /// <summary>The layers, in the order of the forward pass.</summary>
    IReadOnlyList<nn.Module<Tensor, Tensor>> Layers { get; }
}
