using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer on a kept part of its weights that keeps no copy of that part: the backward pass takes it out of the weights again.</summary>
/// <remarks>
/// As many groups of rows as there are, so many parts of the weights a layer has in a pass; together they are often as large as all weights. Here one at a time exists, forward and backward. As with libtorch's own
/// layer, the weights are kept themselves where the input's gradient needs them, and a backward pass after they were changed in place is refused, in libtorch's words (<see cref="ChangeWatch"/>).
/// </remarks>
/// <param name="part">The part, of the weights as a matrix.</param>
/// <param name="scale">What its weights are multiplied with.</param>
/// <param name="receiver">Takes the part's gradient.</param>
internal sealed class KeptLinearNode(Submatrix part, double scale, KeptGradients receiver) : INodeBackward
{
    private SavedTensor? _input;
    private SavedTensor? _weight;
    private bool _biasNeedsGradient;

    /// <summary>Whether a layer's weights can be taken out of it again: somebody collects the gradients of their parts, and nodes of several inputs are known.</summary>
    /// <param name="weight">The layer's weights.</param>
    public static bool Fits(Tensor weight) =>
        NativeAutograd.IsKnown && !NoiseFunction.t_usePublicInterface && KeptGradients.Use(weight) is WeightGradients.Parts or WeightGradients.PartsOnly;

    /// <summary>The layer's output.</summary>
    /// <param name="input">The kept input features of some rows.</param>
    /// <param name="weight">All weights; they <see cref="Fits"/>.</param>
    /// <param name="bias">The bias of the part's outputs, or null.</param>
    /// <param name="part">The part of the weights.</param>
    /// <param name="scale">What its weights are multiplied with.</param>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias, Submatrix part, double scale)
    {
        KeptLinearNode node = new(part, scale, KeptGradients.Of(weight)!); // it fits
        Tensor output;
        using (no_grad())
        {
            using Tensor own = node.Own(weight);
            output = nn.functional.linear(input, own, bias);
        }

        using Tensor watch = ChangeWatch.Of(input, weight);
        return NoiseNode.Wrap(node, bias is null ? [input, weight, watch] : [input, weight, watch, bias], output, save: (saver, _) =>
        {
            node._input = new SavedTensor(input, saver);
            node._weight = input.requires_grad ? new SavedTensor(weight, saver) : null;
            node._biasNeedsGradient = bias is { requires_grad: true };
        });
    }

    /// <inheritdoc/>
    public void Gradients(Tensor gradient, Span<Tensor?> gradients)
    {
        using Tensor rows = gradient.reshape(-1, part.KeptRows);
        gradients[3] = _biasNeedsGradient ? rows.sum(dim: 0) : null; // needs no tensor that is watched
        using Tensor? input = _input!.UnpackUnchanged(), weight = _weight?.UnpackUnchanged(); // the input is kept with the node
        if (input is null || (weight is null && _weight is not null))
        {
            return; // the watch says why
        }

        if (weight is not null)
        {
            using Tensor own = is_grad_enabled() ? DifferentiableOwn(weight) : Own(weight);
            gradients[0] = gradient.matmul(own);
        }

        using Tensor inputRows = input.reshape(-1, Columns), turned = rows.transpose(0, 1);
        using Tensor ofPart = turned.matmul(inputRows);
        using Tensor flat = ofPart.reshape(-1);
        if (flat.requires_grad)
        {
            gradients[1] = NoiseFunction.Apply(new KeptParts([part], [part.Rows, (long)part.Columns * part.Run], scale).Gradient, flat); // it shall have gradients itself
        }
        else
        {
            receiver.Add([part], scale, flat);
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        _input?.Release();
        _weight?.Release();
    }

    private long Columns => (long)part.KeptColumns * part.Run;

    private Tensor Own(Tensor weight)
    {
        using Tensor flat = new KeptParts([part], TensorMemory.Shape(weight), scale).Apply(weight);
        return flat.reshape(part.KeptRows, Columns);
    }

    private Tensor DifferentiableOwn(Tensor weight)
    {
        using Tensor flat = NoiseFunction.Apply(new KeptParts([part], TensorMemory.Shape(weight), scale, receiver), weight);
        return flat.reshape(part.KeptRows, Columns);
    }
}
