using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout as functions, in the style of <c>torch.nn.functional</c>: the position in the mask stream is an argument.</summary>
public static partial class DropoutFunctional
{
    /// <summary>Dropout of a tensor.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <param name="firstElement">The index, in the whole mask, of the input's first element: a worker's part of a batch draws its part of the mask.</param>
    /// <returns>A tensor of the same shape, type and device: <c>x·m/p</c>.</returns>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1], or the elements do not lie in [0, 2⁶²).</exception>
    public static Tensor dropout(
        Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false, long firstElement = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        if (firstElement < 0 || firstElement > MaskStream.MaxElements - input.numel())
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstElement), firstElement, $"Elements must lie in [0, 2^62); received {input.numel()} from {firstElement}.");
        }

        return !training || dropRate.KeepsAll
            ? input.alias()
            : NoiseFunction.Apply(
                new MaskedNoise(stream, dropRate, new MaskLaw(dropRate.InvertedScale), maskShape: null, firstElement), input, inplace);
    }

    /// <summary>Dropout of a tensor with a mask of another shape, whose elements several elements of the input share.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="dropRate">The probability that a mask element drops, in [0, 1].</param>
    /// <param name="maskShape">The mask's shape, which broadcasts to the input's from the last dimension on; 0 stands for the input's size. Empty draws every element for itself.</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <returns>A tensor of the same shape, type and device: <c>x·m/p</c>.</returns>
    /// <exception cref="ArgumentException">The element type is another, or the mask shape does not broadcast to the input's, or has a negative size.</exception>
    public static Tensor dropout(
        Tensor input, DropRate dropRate, ReadOnlySpan<long> maskShape, MaskStream stream, bool training = true, bool inplace = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Masked(input, BroadcastShape.Of(maskShape, input), dropRate, new MaskLaw(dropRate.InvertedScale), stream, training, inplace);
    }
}
