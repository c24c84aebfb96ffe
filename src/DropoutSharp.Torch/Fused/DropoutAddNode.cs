using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Bias, dropout and the sum with a residual in one pass; the backward pass keeps nothing but where the mask lies.</summary>
internal sealed class DropoutAddNode(TensorNoise noise, bool hasBias, bool inputNeedsGradient, bool biasNeedsGradient) : INodeBackward
{
    /// <summary>The pass for tensors that <see cref="FusedTensors.Fit"/>, and a residual like the input.</summary>
    public static Tensor Apply(
        Tensor input, Tensor? bias, Tensor residual, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        Tensor output = TensorMemory.NewLike(input);
        KernelThreads.Follow();
        Forward(input, bias, residual, output, dropRate, scale, stream, firstElement);
        if (!FusedTensors.NeedGraph(input, bias, residual))
        {
            return output;
        }

        var node = new DropoutAddNode(
            new MaskedNoise(stream, dropRate, new MaskLaw(scale), firstElement: firstElement), bias is not null, input.requires_grad, bias is { requires_grad: true });
        return NoiseNode.Wrap(node, bias is null ? [input, residual] : [input, residual, bias], output);
    }

    /// <inheritdoc/>
    public void Gradients(Tensor gradient, Span<Tensor?> gradients)
    {
        gradients[1] = gradient.alias();
        if (inputNeedsGradient || biasNeedsGradient)
        {
            gradients[0] = NoiseFunction.Apply(noise, gradient);
            gradients[2] = hasBias && biasNeedsGradient ? FusedTensors.BiasGradient(gradients[0]!) : null; // just set
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
    }

    private static unsafe void Forward(
        Tensor input, Tensor? bias, Tensor residual, Tensor output, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        DropoutPrimitives.DropoutAdd(
            FusedTensors.Elements(input), FusedTensors.Elements(bias), FusedTensors.Columns(bias), FusedTensors.Elements(residual), FusedTensors.Elements(output), input.numel(), dropRate, scale, stream, firstElement);
        GC.KeepAlive(input);
        GC.KeepAlive(bias);
        GC.KeepAlive(residual);
    }
}
