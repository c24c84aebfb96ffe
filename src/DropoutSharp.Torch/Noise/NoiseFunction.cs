using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Applies noise to a tensor so that autograd knows it, keeping nothing but the noise's position.</summary>
internal static class NoiseFunction
{
    /// <summary>Whether TorchSharp's public interface is used although the faster one is known; for tests.</summary>
    [ThreadStatic]
    internal static bool t_usePublicInterface;

    /// <summary>Noise on a tensor.</summary>
    /// <param name="noise">What is done to it, and to its gradient.</param>
    /// <param name="input">Any tensor that the noise accepts.</param>
    /// <param name="inPlace">Whether the input's memory is changed; then the result is an alias of the input.</param>
    /// <exception cref="InvalidOperationException">In place, on a leaf that requires a gradient.</exception>
    public static Tensor Apply(TensorNoise noise, Tensor input, bool inPlace = false)
    {
        bool inGraph = is_grad_enabled() && input.requires_grad;
        if (!inGraph)
        {
            return Compute(noise, input, inPlace);
        }

        if (inPlace && input.is_leaf)
        {
            throw new InvalidOperationException("A tensor that is changed in place must not be a leaf that requires a gradient; received one.");
        }

        return NativeAutograd.IsKnown && !t_usePublicInterface
            ? NoiseNode.Apply(noise, input, inPlace)
            : PublicNoiseFunction.apply(input, noise, inPlace);
    }

    /// <summary>The same outside the graph.</summary>
    internal static Tensor Compute(TensorNoise noise, Tensor input, bool inPlace)
    {
        if (!inPlace)
        {
            return noise.Apply(input);
        }

        noise.ApplyInPlace(input);
        return input.alias();
    }
}
