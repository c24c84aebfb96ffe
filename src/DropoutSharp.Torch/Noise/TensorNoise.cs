using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What one draw of a site does to a tensor: a function of each element that is linear in it, with fixed noise.</summary>
/// <remarks>
/// It holds no tensor of the input's size: the noise is computed again for the gradient. <see cref="NoiseFunction"/> puts it into the autograd
/// graph. Every check belongs into the forward pass, because an exception in the backward pass cannot be caught by a caller.
/// </remarks>
internal abstract class TensorNoise : INodeBackward
{
    /// <summary>What the same draw does to the gradient of the output.</summary>
    public abstract TensorNoise Gradient { get; }

    /// <summary>Takes the output's gradient for itself, so that the input gets none; only for noise of a tensor that somebody collects gradients for.</summary>
    /// <param name="gradient">The output's gradient; it must be held if it is kept.</param>
    /// <returns>Whether it did.</returns>
    public virtual bool TryKeepGradient(Tensor gradient) => false;

    /// <summary>The result in a new tensor with the input's shape, type, device and, where that is dense, strides; no autograd.</summary>
    public abstract Tensor Apply(Tensor input);

    /// <summary>The result in the input's own memory; no autograd.</summary>
    public abstract void ApplyInPlace(Tensor input);

    /// <summary>Whether <see cref="ApplyInPlace"/> takes no other memory than the input's.</summary>
    protected virtual bool IsInPlace(Tensor input) => false;

    // A gradient that shall have gradients itself must be in the graph. One that nobody holds any more becomes the input's: half of the memory is not touched then.
    void INodeBackward.Gradients(Tensor gradient, Span<Tensor?> gradients)
    {
        if (!gradient.requires_grad && TryKeepGradient(gradient))
        {
            return;
        }

        TensorNoise noise = Gradient;
        if (!is_grad_enabled() && noise.IsInPlace(gradient) && UnsharedMemory.Is(gradient, NoiseNode.GradientHolders))
        {
            noise.ApplyInPlace(gradient);
            gradients[0] = gradient;
            return;
        }

        gradients[0] = NoiseFunction.Apply(noise, gradient);
    }

    void INodeBackward.Release()
    {
    }
}
