using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A mask of attention as what the kernels add to the scores.</summary>
internal static class AttentionBias
{
    /// <summary>Whether the kernels take a mask: none, a bool one, or a float32 one without a gradient, on the CPU, that broadcasts to the scores.</summary>
    public static bool Fits(Tensor? attentionMask, long[] scores)
    {
        if (attentionMask is null)
        {
            return true;
        }

        if (attentionMask.dtype is not (ScalarType.Bool or ScalarType.Float32) || attentionMask.requires_grad || !TensorMemory.IsForKernels(attentionMask) || attentionMask.dim() > scores.Length)
        {
            return false;
        }

        long[] shape = TensorMemory.Shape(attentionMask);
        int lead = scores.Length - shape.Length;
        return shape.Index().All(each => each.Item == 1 || each.Item == scores[lead + each.Index]);
    }

    /// <summary>A new tensor of the scores' shape: 0 where a query sees a key and −∞ elsewhere, or the mask's own numbers.</summary>
    public static Tensor? Of(Tensor? attentionMask, long[] scores)
    {
        if (attentionMask is null)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGraph = no_grad();
        using Scalar never = double.NegativeInfinity;
        Tensor added = attentionMask.dtype == ScalarType.Bool
            ? zeros(TensorMemory.Shape(attentionMask), ScalarType.Float32, CPU).masked_fill_(attentionMask.logical_not(), never)
            : attentionMask.clone(); // what is changed before the backward pass does not change that
        Tensor expanded = added.expand(scores);
        bool hasRows = expanded.size(-1) == 1 || expanded.stride(-1) == 1;
        return (hasRows ? expanded : expanded.contiguous()).MoveToOuterDisposeScope();
    }
}
