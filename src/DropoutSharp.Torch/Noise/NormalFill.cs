using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Standard normal numbers in the place of dropped elements, from a stretch of the mask stream of their own.</summary>
internal static class NormalFill
{
    // The positions of the masks' seeds are drawn from the same numbers as noise: a key of its own keeps the two apart.
    private const ulong FillTag = 0x66696C6C; // "fill"

    /// <summary>Takes the input where the mask keeps it and noise elsewhere; known to autograd.</summary>
    /// <param name="kept">A bool tensor on the input's device that broadcasts to it: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor.</param>
    /// <param name="position">The position of the mask.</param>
    /// <param name="firstElement">The index, in the whole noise, of the input's first element.</param>
    /// <param name="isSharedByRows">Whether all rows, the first dimension, have the same noise.</param>
    public static Tensor Apply(Tensor kept, Tensor input, MaskStream position, long firstElement, bool isSharedByRows)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] shape = isSharedByRows ? [1, .. TensorMemory.Shape(input)[1..]] : TensorMemory.Shape(input);
        var noise = new GaussianAddedNoise(position.Derive(FillTag), 1, isSharedByRows ? 0 : firstElement);
        Tensor normals = FloatingNoise.OnCpu(() => noise.Summands(shape, FloatingNoise.TypeFor(input)));
        return where(kept, input, normals.to(input.dtype, input.device)).MoveToOuterDisposeScope();
    }
}
