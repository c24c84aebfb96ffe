using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Alpha dropout, for networks with SELU: dropped elements take SELU's saturation value, and mean 0 and variance 1 are kept.</summary>
/// <remarks>
/// In training <c>y = a·x + b</c> for kept elements and <c>a·α′ + b</c> for dropped ones, with α′ = −1.7580993408473766 and the constants of
/// <see cref="AlphaAffine"/>; in evaluation the identity. A dropped NaN or infinity leaves no trace. Rate 0 returns an alias of the input. Klambauer, Unterthiner,
/// Mayr and Hochreiter, "Self-normalizing neural networks", NIPS 2017.
/// </remarks>
public sealed class AlphaDropout : MaskedModule
{
    private readonly long[]? _maskShape;

    /// <summary>An alpha dropout layer.</summary>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="maskShape">
    /// The mask's shape, which broadcasts to the input's from the last dimension on; 0 stands for the input's size. Null draws every element for itself. Keras calls it
    /// <c>noise_shape</c>; <see cref="FeatureAlphaDropout"/> is the one of whole maps.
    /// </param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1).</exception>
    /// <exception cref="ArgumentException">The mask shape has a negative size.</exception>
    public AlphaDropout(double dropRate = 0.5, ReadOnlySpan<long> maskShape = default, bool inplace = false, ulong? seed = null, uint site = 0)
        : base(nameof(AlphaDropout), new DropoutSite(dropRate, seed, site, canDropAll: false), inplace, Scaling.Inverted) => _maskShape = BroadcastShape.Keep(maskShape);

    /// <summary>Whether every element is drawn for itself.</summary>
    internal bool IsElementwise => _maskShape is null;

    private protected override bool HasRelativeShape => BroadcastShape.IsRelative(_maskShape);

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (_maskShape is not null)
        {
            BroadcastShape.Resolve(_maskShape, TensorMemory.Shape(input));
        }
    }

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape) => _maskShape is null ? null : BroadcastShape.Resolve(_maskShape, inputShape);

    private protected override MaskLaw Law(DropRate dropRate) => new(new AlphaAffine(dropRate));
}
