using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes units out of tensors: those of a mask out of values, rows and columns out of weights.</summary>
internal static class Gather
{
    /// <summary>The units of a dimension.</summary>
    /// <param name="source">Any tensor.</param>
    /// <param name="dimension">Which dimension holds the units.</param>
    /// <param name="units">Which, ascending.</param>
    public static Tensor Units(Tensor source, int dimension, int[] units)
    {
        long[] shape = TensorMemory.Shape(source);
        Submatrix part = new(Product(shape.AsSpan(..dimension)), checked((int)shape[dimension]), Math.Max(1, Product(shape.AsSpan((dimension + 1)..))), null, units);
        shape[dimension] = units.Length;
        using DisposeScope scope = NewDisposeScope();
        return KeptParts.Take(source, part, shape).MoveToOuterDisposeScope();
    }

    /// <summary>A part of a layer's weights: (outputs, inputs, …).</summary>
    /// <param name="weight">All of them.</param>
    /// <param name="outputs">Which outputs; null for all.</param>
    /// <param name="inputs">Which inputs; null for all.</param>
    public static Submatrix Part(Tensor weight, int[]? outputs, int[]? inputs)
    {
        long[] shape = TensorMemory.Shape(weight);
        return new(checked((int)shape[0]), checked((int)shape[1]), Math.Max(1, Product(shape.AsSpan(2..))), outputs, inputs);
    }

    /// <summary>The weights of a part, side by side, multiplied with a scale.</summary>
    /// <param name="weight">All of them.</param>
    /// <param name="part">Which.</param>
    /// <param name="scale">What the weights are multiplied with.</param>
    public static Tensor Weights(Tensor weight, Submatrix part, double scale)
    {
        long[] partShape = [part.KeptRows, part.KeptColumns, .. TensorMemory.Shape(weight)[2..]];
        using DisposeScope scope = NewDisposeScope();
        if (scale == 1 || (TensorMemory.IsForKernels(weight) && weight.dtype is ScalarType.Float32 or ScalarType.Float64))
        {
            return KeptParts.Take(weight, part, partShape, scale).MoveToOuterDisposeScope();
        }

        using Scalar factor = scale;
        return KeptParts.Take(weight, part, partShape).mul_(factor).MoveToOuterDisposeScope();
    }

    private static int Product(ReadOnlySpan<long> sizes)
    {
        int product = 1;
        foreach (long size in sizes)
        {
            product = checked(product * (int)size);
        }

        return product;
    }
}
