using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Runs modules one after the other, and an activation with the dropout behind it, or a last dropout with the sum behind it, in one pass.</summary>
/// <remarks>
/// What is fused gives what the modules give by themselves: masks and steps are those of the dropout's site, and modules that somebody listens to by hooks, that change their input or whose masks are given, are called
/// as they are.
/// </remarks>
internal static class FusedChain
{
    /// <summary>Calls a module; a <c>Sequential</c> by its layers.</summary>
    public static Tensor Call(nn.Module<Tensor, Tensor> module, Tensor input) =>
        Layers(module) is { } layers ? Run(layers, input) : module.call(input);

    /// <summary>The sum of a residual and a branch.</summary>
    public static Tensor CallAndAdd(nn.Module<Tensor, Tensor> branch, Tensor input, Tensor residual)
    {
        using DisposeScope scope = NewDisposeScope();
        List<nn.Module<Tensor, Tensor>>? layers = Layers(branch);
        if (layers is not [.., Dropout last] || !IsElementwise(last))
        {
            return residual.Plus(Call(branch, input)).MoveToOuterDisposeScope();
        }

        layers.RemoveAt(layers.Count - 1);
        Tensor output = Run(layers, input);
        last.Check(output);
        SiteDraw draw = last.Site.Draw();
        if (IsFused(draw) && FusedTensors.Fit(output, null) && FusedTensors.IsPlain(residual) && TensorMemory.Shape(residual).AsSpan().SequenceEqual(TensorMemory.Shape(output)))
        {
            last.Note(TensorMemory.Shape(output), output.dtype);
            return DropoutAddNode.Apply(output, null, residual, draw.DropRate, last.KeptScale(draw.DropRate), draw.Stream, 0).MoveToOuterDisposeScope();
        }

        return residual.Plus(last.Run(output, draw)).MoveToOuterDisposeScope();
    }

    /// <summary>Calls modules one after the other.</summary>
    public static Tensor Run(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor output = input;
        for (int i = 0; i < layers.Count; i++)
        {
            if (i + 1 < layers.Count && layers[i + 1] is MaskedModule { Site.IsStochastic: true } dropout && !ModuleHooks.Has(dropout) && ActivationFunctions.Of(layers[i]) is FusedActivation activation && CanFuse(dropout, output))
            {
                output = ActivationDropout(activation, layers[i], dropout, dropout.Site.Draw(), output, i > 0 && IsSpare(output, layers[i - 1]));
                i++;
            }
            else if (i > 0 && layers[i] is Dropout single && IsElementwise(single) && FusedTensors.Fit(output, null) && IsSpare(output, layers[i - 1]))
            {
                output = ActivationDropout(FusedActivation.Identity, null, single, single.Site.Draw(), output, inPlace: true);
            }
            else
            {
                output = Call(layers[i], output);
            }
        }

        return (ReferenceEquals(output, input) ? input.alias() : output).MoveToOuterDisposeScope();
    }

    /// <summary>Whether an activation of a tensor and a dropout module behind it can be one pass: masks are of an element each, or of a feature of the last dimension for groups of rows.</summary>
    public static bool CanFuse(MaskedModule dropout, Tensor input) => dropout switch
    {
        Dropout { IsElementwise: true, Inplace: false } => FusedTensors.Fit(input, null),
        BatchwiseDropout { Inplace: false, RowGroups: > 0 } batchwise => input.dim() > 1 && input.size(-1) is > 0 and <= int.MaxValue && batchwise.HasLastFeatures(input.dim()) && FusedTensors.Fit(input, null),
        _ => false,
    };

    /// <summary>An activation and the dropout behind it in one pass, where <see cref="CanFuse"/> says so and the draw allows it, and one after the other elsewhere.</summary>
    public static Tensor ActivationDropout(
        FusedActivation activation, nn.Module<Tensor, Tensor>? module, MaskedModule dropout, SiteDraw draw, Tensor input, bool inPlace = false)
    {
        long[] shape = TensorMemory.Shape(input);
        long? groups = dropout is BatchwiseDropout batchwise ? batchwise.GroupsOf(draw, shape) : null;
        if (!IsFused(draw) || groups == 0)
        {
            return dropout.Run(module is null ? input : module.call(input), draw);
        }

        dropout.Note(shape, input.dtype);
        inPlace &= activation is FusedActivation.Identity or FusedActivation.Relu; // the others keep their input
        double scale = dropout.KeptScale(draw.DropRate);
        return groups is long count
            ? ActivationDropoutNode.ApplyByGroups(input, activation, draw.DropRate, scale, draw.Stream, count, inPlace)
            : ActivationDropoutNode.Apply(input, null, activation, draw.DropRate, scale, draw.Stream, 0, inPlace);
    }

    /// <summary>Whether nobody needs what one of TorchSharp's own modules has just given: such a module keeps nothing of it, unless the graph does.</summary>
    private static bool IsSpare(Tensor output, nn.Module<Tensor, Tensor> module) =>
        module.GetType().Assembly == typeof(Linear).Assembly && !ModuleHooks.Has(module) && !(output is { requires_grad: true, is_leaf: true }) && UnsharedMemory.Is(output, 1);

    private static List<nn.Module<Tensor, Tensor>>? Layers(nn.Module<Tensor, Tensor> module) =>
        module is Sequential && module.GetType() == typeof(Sequential) && !ModuleHooks.Has(module)
            ? [.. module.children().Cast<nn.Module<Tensor, Tensor>>()] // a Sequential takes no other
            : null;

    private static bool IsElementwise(Dropout dropout) => dropout is { IsElementwise: true, Inplace: false, Site.IsStochastic: true } && !ModuleHooks.Has(dropout);

    /// <summary>Whether a draw is one for each element from the mask's first on.</summary>
    private static bool IsFused(SiteDraw draw) => draw is { IsStochastic: true, Mask: null, IsSharedByRows: false, FirstRow: 0 } && !draw.DropRate.KeepsAll;
}
