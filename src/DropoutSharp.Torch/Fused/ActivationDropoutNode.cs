using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Bias, activation and dropout of a tensor in one pass, forward and backward.</summary>
/// <remarks>For the backward pass ReLU keeps its result, which the next layer keeps too, the identity nothing, and the others what the activation is taken of, as libtorch's do.</remarks>
internal sealed class ActivationDropoutNode(FusedActivation activation, DropRate dropRate, double scale, MaskStream stream, long firstElement) : INodeBackward
{
    private bool _biasNeedsGradient;
    private SavedTensor? _kept;
    private SavedTensor? _keptBias;

    /// <summary>The pass for tensors that <see cref="FusedTensors.Fit"/>.</summary>
    public static Tensor Apply(
        Tensor input, Tensor? bias, FusedActivation activation, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        Tensor output = TensorMemory.NewLike(input);
        KernelThreads.Follow();
        Forward(input, bias, activation, output, dropRate, scale, stream, firstElement);
        if (!FusedTensors.NeedGraph(input, bias))
        {
            return output;
        }

        var node = new ActivationDropoutNode(activation, dropRate, scale, stream, firstElement);
        return NoiseNode.Wrap(node, bias is null ? [input] : [input, bias], output, save: activation == FusedActivation.Identity && bias is null ? null : node.Saving(input, bias));
    }

    /// <inheritdoc/>
    public void Gradients(Tensor gradient, Span<Tensor?> gradients)
    {
        Tensor ofInput = is_grad_enabled() ? Differentiable(gradient) : Plain(gradient);
        gradients[0] = ofInput;
        gradients[1] = _biasNeedsGradient ? FusedTensors.BiasGradient(ofInput) : null;
    }

    /// <inheritdoc/>
    public void Release()
    {
        _kept?.Release();
        _keptBias?.Release();
    }

    private Action<NativeAutograd.Node, Tensor> Saving(Tensor input, Tensor? bias) => (node, result) =>
    {
        _biasNeedsGradient = bias is { requires_grad: true };
        if (activation == FusedActivation.Identity)
        {
            return;
        }

        _kept = new SavedTensor(activation == FusedActivation.Relu ? result : input, node);
        _keptBias = bias is null || activation == FusedActivation.Relu ? null : new SavedTensor(bias, node);
    };

    private unsafe Tensor Plain(Tensor gradient)
    {
        using Tensor source = gradient.contiguous();
        using Tensor? kept = _kept?.Unpack(), bias = _keptBias?.Unpack();
        Tensor output = TensorMemory.NewLike(source);
        KernelThreads.Follow();
        float* upstream = FusedTensors.Elements(source), destination = FusedTensors.Elements(output);
        if (activation == FusedActivation.Relu)
        {
            DropoutPrimitives.ReluDropoutGradient(upstream, FusedTensors.Elements(kept), destination, source.numel(), scale);
        }
        else
        {
            DropoutPrimitives.ActivationDropoutGradient(
                upstream, kept is null ? upstream : FusedTensors.Elements(kept), FusedTensors.Elements(bias), FusedTensors.Columns(bias), activation, destination, source.numel(), dropRate, scale, stream, firstElement);
        }

        return output;
    }

    /// <summary>The same by operations that autograd knows, for a graph of the gradients.</summary>
    private Tensor Differentiable(Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? kept = _kept?.Unpack(), bias = _keptBias?.Unpack();
        if (activation == FusedActivation.Relu)
        {
            using Scalar zero = 0f;
            return gradient.Times(scale).masked_fill(kept!.detach().le(zero), zero).MoveToOuterDisposeScope(); // ReLU keeps its result
        }

        Tensor ofActivation = NoiseFunction.Apply(new MaskedNoise(stream, dropRate, new MaskLaw(scale), firstElement: firstElement), gradient);
        if (activation != FusedActivation.Identity)
        {
            ofActivation *= ActivationFunctions.Slope(activation, bias is null ? kept! : kept!.Plus(bias)); // all others keep their input
        }

        return ofActivation.MoveToOuterDisposeScope();
    }

    private static unsafe void Forward(
        Tensor input, Tensor? bias, FusedActivation activation, Tensor output, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        DropoutPrimitives.ActivationDropout(
            FusedTensors.Elements(input), FusedTensors.Elements(bias), FusedTensors.Columns(bias), activation, FusedTensors.Elements(output), input.numel(), dropRate, scale, stream, firstElement);
        GC.KeepAlive(input);
        GC.KeepAlive(bias);
    }
}
