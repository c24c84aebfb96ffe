using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The backward pass of a <see cref="NoiseNode"/>.</summary>
internal interface INodeBackward
{
    /// <summary>The gradients of the node's inputs.</summary>
    /// <param name="gradient">The gradient of the output; disposed by the caller, unless it is given back as an input's. It has <see cref="NoiseNode.GradientHolders"/> if nobody else holds it.</param>
    /// <param name="gradients">Receives one new tensor an input; null for an input that requires none.</param>
    /// <remarks>Gradients are to be differentiable where the gradient mode is enabled. What it throws reaches whoever asked for the backward pass as libtorch's refusal.</remarks>
    void Gradients(Tensor gradient, Span<Tensor?> gradients);

    /// <summary>Frees what was kept: the node's place in the graph is gone.</summary>
    void Release();
}
