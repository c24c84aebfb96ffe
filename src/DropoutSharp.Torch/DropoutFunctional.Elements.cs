using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class DropoutFunctional
{
    /// <summary>Alpha dropout: dropped elements take SELU's saturation value, and mean 0 and variance 1 are kept; <see cref="AlphaDropout"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="stream">The position of the mask.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is 1.</exception>
    public static Tensor alpha_dropout(Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false) =>
        alpha_dropout(input, dropRate, [], stream, training, inplace);

    /// <summary>The same with a mask of another shape, whose elements several elements of the input share.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="dropRate">The probability that a mask element drops, in [0, 1).</param>
    /// <param name="maskShape">The mask's shape, which broadcasts to the input's from the last dimension on; 0 stands for the input's size. Empty draws every element for itself.</param>
    /// <param name="stream">The position of the mask.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type is another, or the mask shape does not broadcast to the input's, or has a negative size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is 1.</exception>
    public static Tensor alpha_dropout(
        Tensor input, DropRate dropRate, ReadOnlySpan<long> maskShape, MaskStream stream, bool training = true, bool inplace = false)
    {
        CheckBelowOne(input, dropRate);
        return Masked(input, BroadcastShape.Of(maskShape, input), dropRate, new MaskLaw(new AlphaAffine(dropRate)), stream, training, inplace);
    }

    /// <summary>Multiplicative Gaussian noise of mean 1 and variance r/(1 − r); <see cref="GaussianDropout"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="dropRate">The drop rate r whose noise is matched, in [0, 1).</param>
    /// <param name="stream">The position of the noise.</param>
    /// <param name="training">Whether noise is applied; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is 1.</exception>
    public static Tensor gaussian_dropout(Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false)
    {
        CheckBelowOne(input, dropRate);
        return !training || dropRate.KeepsAll
            ? input.alias()
            : NoiseFunction.Apply(new GaussianFactorNoise(stream, dropRate, 0), input, inplace);
    }

    /// <summary>Additive Gaussian noise; <see cref="GaussianNoise"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides.</param>
    /// <param name="standardDeviation">σ: finite, not negative.</param>
    /// <param name="stream">The position of the noise.</param>
    /// <param name="training">Whether noise is added; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">σ is negative or not finite.</exception>
    public static Tensor gaussian_noise(Tensor input, double standardDeviation, MaskStream stream, bool training = true, bool inplace = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        GaussianNoise.CheckStandardDeviation(standardDeviation);
        return !training || standardDeviation == 0
            ? input.alias()
            : NoiseFunction.Apply(new GaussianAddedNoise(stream, standardDeviation, 0), input, inplace);
    }

    private static void CheckBelowOne(Tensor input, DropRate dropRate)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        if (dropRate.DropsAll)
        {
            throw new ArgumentOutOfRangeException(nameof(dropRate), dropRate, $"Drop rate must be in [0, 1); received {dropRate}.");
        }
    }
}
