using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The backward pass of a <see cref="NoiseNode"/> whose results are its input itself and what was computed from it.</summary>
internal interface ISplitBackward : INodeBackward
{
    /// <summary>The gradient of the node's input.</summary>
    /// <param name="same">The gradient of the input's view; null where nothing depends on it. Disposed by the caller.</param>
    /// <param name="computed">The gradient of what was computed; null where nothing depends on it. Disposed by the caller.</param>
    /// <param name="gradients">Receives a new tensor in its first place.</param>
    /// <remarks>As with a node of one result, gradients are to be differentiable where the gradient mode is enabled.</remarks>
    void Gradients(Tensor? same, Tensor? computed, Span<Tensor?> gradients);

    void INodeBackward.Gradients(Tensor gradient, Span<Tensor?> gradients) => Gradients(gradient, null, gradients);

    void INodeBackward.Release()
    {
    }
}
