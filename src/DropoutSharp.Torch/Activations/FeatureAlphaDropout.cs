using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Alpha dropout of whole feature maps: a dropped map takes SELU's saturation value, and mean 0 and variance 1 are kept.</summary>
/// <remarks>
/// <para>
/// A mask element a sample and channel, of shape (N, C, 1, …); <c>y = a·x + b</c> for kept maps and <c>a·α′ + b</c> for dropped ones, with the constants of
/// <see cref="AlphaAffine"/>. In evaluation the identity. Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", NIPS 2017.
/// </para>
/// <para>
/// PyTorch's form takes (N, C, …) of any rank, as this one does from rank 2 to 5, and is documented for (C, D, H, W) too, which it reads as a batch: there unbatched
/// maps lose whole samples. Here the first dimension is always the batch.
/// </para>
/// </remarks>
public sealed class FeatureAlphaDropout : MaskedModule
{
    /// <summary>An alpha dropout layer for feature maps.</summary>
    /// <param name="dropRate">The probability that a map is dropped, in [0, 1).</param>
    /// <param name="channelsLast">Whether the data are (N, …, C).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1).</exception>
    public FeatureAlphaDropout(double dropRate = 0.5, bool channelsLast = false, bool inplace = false, ulong? seed = null, uint site = 0)
        : base(nameof(FeatureAlphaDropout), new DropoutSite(dropRate, seed, site, canDropAll: false), inplace, Scaling.Inverted) =>
        ChannelsLast = channelsLast;

    /// <summary>Whether channels are the last dimension.</summary>
    public bool ChannelsLast { get; }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (input.dim() is < 2 or > 5)
        {
            string shape = ChannelsLast ? "(N, …, C)" : "(N, C, …)";
            throw new ArgumentException(
                $"Input of {nameof(FeatureAlphaDropout)} must have the shape {shape} with 2 to 5 dimensions; "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape)
    {
        long[] shape = new long[inputShape.Length];
        Array.Fill(shape, 1);
        int channel = ChannelsLast ? inputShape.Length - 1 : 1;
        (shape[0], shape[channel]) = (inputShape[0], inputShape[channel]);
        return shape;
    }

    private protected override MaskLaw Law(DropRate dropRate) => new(new AlphaAffine(dropRate));
}
