using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer between kept units whose weights are multiplied where they lie, without gradients: for few rows.</summary>
internal static class KeptLinear
{
    /// <summary>Whether a layer is one that can be computed so.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">All of its weights.</param>
    public static bool Takes(WeightedLayer layer, Tensor weight) =>
        Submatrix.MostUncopiedRows > 0 && layer.IsLinear && weight.dtype == ScalarType.Float32 && TensorMemory.IsForKernels(weight) && weight.is_contiguous();

    /// <summary>Whether a layer can be computed so for an input, which has so few rows that copying the kept weights would take longer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">All of its weights.</param>
    /// <param name="part">Those between kept units.</param>
    /// <param name="input">The kept units of all rows.</param>
    public static bool Fits(WeightedLayer layer, Tensor weight, Submatrix part, Tensor input) =>
        Takes(layer, weight) && input.dtype == ScalarType.Float32 && TensorMemory.IsForKernels(input)
            && input.size(-1) == part.KeptColumns && part.KeptColumns > 0 && input.numel() / part.KeptColumns <= Submatrix.MostUncopiedRows;

    /// <summary>Computes it.</summary>
    /// <param name="input">The kept units of all rows.</param>
    /// <param name="weight">All weights.</param>
    /// <param name="part">Those between kept units.</param>
    /// <param name="scale">What they are multiplied with.</param>
    /// <param name="summands">What is added: all units' biases, or numbers of all units for each row; null for nothing.</param>
    public static unsafe Tensor Call(Tensor input, Tensor weight, Submatrix part, double scale, Tensor? summands)
    {
        long[] shape = TensorMemory.Shape(input);
        int rows = (int)(input.numel() / shape[^1]);
        shape[^1] = part.KeptRows;
        Tensor output = RecycledTensors.Empty(shape, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        Tensor values = input.contiguous();
        Tensor? added = summands?.contiguous();
        KernelThreads.Follow();
        part.MultiplyTransposed(
            (float*)TensorMemory.Address(values),
            rows,
            (float*)TensorMemory.Address(weight),
            (float)scale,
            added is null ? null : (float*)TensorMemory.Address(added),
            added?.dim() > 1 ? part.Rows : 0,
            (float*)TensorMemory.Address(output));
        GC.KeepAlive(weight);
        return output;
    }
}
