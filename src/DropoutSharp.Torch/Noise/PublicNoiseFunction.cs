using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Noise as a function of TorchSharp's public autograd interface, for versions whose native functions are not known.</summary>
internal sealed class PublicNoiseFunction : autograd.SingleTensorFunction<PublicNoiseFunction>
{
    private const string NoiseKey = "noise";

    /// <inheritdoc/>
    public override string Name => nameof(PublicNoiseFunction);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor input, TensorNoise noise, bool inPlace) = ((Tensor)vars[0], (TensorNoise)vars[1], (bool)vars[2]);
        ctx.save_data(NoiseKey, noise);
        if (inPlace)
        {
            ctx.mark_dirty([input]);
            noise.ApplyInPlace(input);
            return input;
        }

        return noise.Apply(input);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        TensorNoise noise = (TensorNoise)ctx.get_data(NoiseKey);
        return [NoiseFunction.Apply(noise.Gradient, grad_output), null!, null!]; // one a parameter of forward; null for those that are no tensors
    }
}
