namespace DropoutSharp.Torch;

/// <summary>Alpha dropout, for networks with SELU: dropped elements take SELU's saturation value, and mean 0 and variance 1 are kept.</summary>
/// <remarks>
/// In training <c>y = a·x + b</c> for kept elements and <c>a·α′ + b</c> for dropped ones, with α′ = −1.7580993408473766 and the constants of
/// <see cref="AlphaAffine"/>; in evaluation the identity. A dropped NaN or infinity leaves no trace. Rate 0 returns an alias of the input. Klambauer, Unterthiner,
/// Mayr and Hochreiter, "Self-normalizing neural networks", NIPS 2017.
/// </remarks>
public sealed class AlphaDropout : MaskedModule
{
    /// <summary>An alpha dropout layer.</summary>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1).</exception>
    public AlphaDropout(double dropRate = 0.5, bool inplace = false, ulong? seed = null, uint site = 0)
        : base(nameof(AlphaDropout), new DropoutSite(dropRate, seed, site, canDropAll: false), inplace, Scaling.Inverted)
    {
    }

    private protected override MaskLaw Law(DropRate dropRate) => new(new AlphaAffine(dropRate));
}
