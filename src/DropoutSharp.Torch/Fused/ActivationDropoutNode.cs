using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Bias, activation and dropout of a tensor in one pass, forward and backward.</summary>
/// <remarks>For the backward pass ReLU keeps its result, which the next layer keeps too, the identity nothing, and the others what the activation is taken of, as libtorch's do.</remarks>
/// <param name="activation">The activation.</param>
/// <param name="dropRate">The probability that an element of the mask drops.</param>
/// <param name="scale">What kept elements are multiplied with.</param>
/// <param name="stream">The mask's position.</param>
/// <param name="firstElement">The index, in the whole mask, of the mask's first element.</param>
/// <param name="groups">How many groups of rows have a mask of their own, an element a column; null where every element has its own.</param>
internal sealed class ActivationDropoutNode(FusedActivation activation, DropRate dropRate, double scale, MaskStream stream, long firstElement = 0, long? groups = null) : INodeBackward
{
    private bool _biasNeedsGradient;
    private SavedTensor? _kept;
    private SavedTensor? _keptBias;

    /// <summary>The pass for tensors that <see cref="FusedTensors.Fit"/>.</summary>
    /// <remarks>In place the result takes the input's memory: for the identity and ReLU, which keep no input, of an input that is needed nowhere else.</remarks>
    public static Tensor Apply(
        Tensor input, Tensor? bias, FusedActivation activation, DropRate dropRate, double scale, MaskStream stream, long firstElement, bool inPlace = false) =>
        new ActivationDropoutNode(activation, dropRate, scale, stream, firstElement).Apply(input, bias, inPlace);

    /// <summary>Activation and dropout with a mask for each of several groups of rows, for tensors of at least two dimensions that <see cref="FusedTensors.Fit"/>.</summary>
    public static Tensor ApplyByGroups(Tensor input, FusedActivation activation, DropRate dropRate, double scale, MaskStream stream, long groups, bool inPlace = false) =>
        new ActivationDropoutNode(activation, dropRate, scale, stream, groups: groups).Apply(input, null, inPlace);

    private Tensor Apply(Tensor input, Tensor? bias, bool inPlace)
    {
        Tensor output = inPlace ? input.alias() : TensorMemory.NewLike(input);
        KernelThreads.Follow();
        Forward(input, bias, output);
        if (!FusedTensors.NeedGraph(input, bias))
        {
            return output;
        }

        ActivationDropoutNode node = this;
        return NoiseNode.Wrap(node, bias is null ? [input] : [input, bias], output, inPlace, activation == FusedActivation.Identity && bias is null ? null : node.Saving(input, bias));
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
        bool inPlace = FusedTensors.IsPlain(gradient) && UnsharedMemory.Is(gradient, NoiseNode.GradientHolders);
        using Tensor source = gradient.contiguous();
        using Tensor? kept = _kept?.Unpack(), bias = _keptBias?.Unpack();
        Tensor output = inPlace ? gradient : TensorMemory.NewLike(source);
        KernelThreads.Follow();
        float* upstream = FusedTensors.Elements(source), destination = FusedTensors.Elements(output);
        if (activation == FusedActivation.Relu)
        {
            DropoutPrimitives.ReluDropoutGradient(upstream, FusedTensors.Elements(kept), destination, source.numel(), scale);
        }
        else if (groups is not null)
        {
            float* x = kept is null ? upstream : FusedTensors.Elements(kept);
            int columns = (int)source.size(-1);
            foreach ((long first, long rows, long element) in Groups(source))
            {
                DropoutPrimitives.ActivationRowDropoutGradient(
                    upstream + (first * columns), x + (first * columns), activation, destination + (first * columns), rows, columns, dropRate, scale, stream, element);
            }
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

        Tensor ofActivation = Mask(gradient);
        if (activation != FusedActivation.Identity)
        {
            ofActivation *= ActivationFunctions.Slope(activation, bias is null ? kept! : kept!.Plus(bias)); // all others keep their input
        }

        return ofActivation.MoveToOuterDisposeScope();
    }

    private Tensor Mask(Tensor gradient)
    {
        if (groups is null)
        {
            return NoiseFunction.Apply(new MaskedNoise(stream, dropRate, new MaskLaw(scale), firstElement: firstElement), gradient);
        }

        long[] mask = [.. Enumerable.Repeat(1L, (int)gradient.dim() - 1), gradient.size(-1)];
        long inner = gradient.numel() / Math.Max(1, gradient.size(0) * gradient.size(-1));
        return cat([.. Groups(gradient).Select(group => NoiseFunction.Apply(
            new MaskedNoise(stream, dropRate, new MaskLaw(scale), mask, group.Element), gradient.narrow(0, group.First / Math.Max(1, inner), group.Rows / Math.Max(1, inner))))]);
    }

    /// <summary>The rows of the last dimension that share masks: the first row, how many, and the mask's first element.</summary>
    private IEnumerable<(long First, long Rows, long Element)> Groups(Tensor tensor)
    {
        long columns = tensor.size(-1), inner = tensor.numel() / Math.Max(1, tensor.size(0) * columns), first = 0, element = 0;
        foreach (long size in GroupSizes.Of(tensor.size(0), groups ?? 1))
        {
            yield return (first, size * inner, element);
            (first, element) = (first + (size * inner), element + columns);
        }
    }

    private unsafe void Forward(Tensor input, Tensor? bias, Tensor output)
    {
        float* x = FusedTensors.Elements(input), destination = FusedTensors.Elements(output);
        if (groups is null)
        {
            DropoutPrimitives.ActivationDropout(x, FusedTensors.Elements(bias), FusedTensors.Columns(bias), activation, destination, input.numel(), dropRate, scale, stream, firstElement);
        }
        else
        {
            int columns = (int)input.size(-1);
            foreach ((long first, long rows, long element) in Groups(input))
            {
                DropoutPrimitives.ActivationRowDropout(x + (first * columns), activation, destination + (first * columns), rows, columns, dropRate, scale, stream, element);
            }
        }

        GC.KeepAlive(input);
        GC.KeepAlive(bias);
        GC.KeepAlive(output);
    }
}
