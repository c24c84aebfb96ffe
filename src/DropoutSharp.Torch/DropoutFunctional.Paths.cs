using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class DropoutFunctional
{
    /// <summary>Dropout of whole rows, timm's <c>drop_path</c>; <see cref="DropPath"/> as a function.</summary>
    /// <param name="input">The output of a residual branch: a float16, bfloat16, float32 or float64 tensor whose first dimension counts rows.</param>
    /// <param name="dropRate">The probability that a row is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <param name="scaleByKeep">Whether kept rows are divided by the keep probability; without it the expectation changes.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    public static Tensor drop_path(
        Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false, bool scaleByKeep = true) =>
        Paths(input, dropRate, isOneDraw: false, scaleByKeep ? dropRate.InvertedScale : 1, stream, training, inplace);

    /// <summary>Dropout of whole rows or of the whole batch, torchvision's <c>stochastic_depth</c>.</summary>
    /// <param name="input">The output of a residual branch: a float16, bfloat16, float32 or float64 tensor whose first dimension counts rows.</param>
    /// <param name="dropRate">The probability that a row, or the batch, is dropped, in [0, 1].</param>
    /// <param name="mode"><see cref="StochasticDepthMode.Row"/> or <see cref="StochasticDepthMode.Batch"/>: the branch has been run by now.</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type is another, or the mode is one that chooses what is run.</exception>
    public static Tensor stochastic_depth(
        Tensor input, DropRate dropRate, StochasticDepthMode mode, MaskStream stream, bool training = true, bool inplace = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (mode is not (StochasticDepthMode.Row or StochasticDepthMode.Batch))
        {
            throw new ArgumentException(
                $"Mode must be Row or Batch for a branch that has been run; received {mode}. The module {nameof(StochasticDepth)} has all.", nameof(mode));
        }

        return Paths(input, dropRate, mode == StochasticDepthMode.Batch, dropRate.InvertedScale, stream, training, inplace);
    }

    private static Tensor Paths(Tensor input, DropRate dropRate, bool isOneDraw, double scale, MaskStream stream, bool training, bool inplace)
    {
        ArgumentNullException.ThrowIfNull(input);
        long[] mask = new long[input.dim()];
        Array.Fill(mask, 1);
        if (!isOneDraw && mask.Length > 0)
        {
            mask[0] = input.size(0);
        }

        return Masked(input, mask, dropRate, new MaskLaw(scale), stream, training, inplace);
    }
}
