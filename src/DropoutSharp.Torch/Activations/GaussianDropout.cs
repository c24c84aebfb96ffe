using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Multiplicative Gaussian noise with the mean and variance of inverted dropout: in training <c>y = x·N(1, r/(1 − r))</c>.</summary>
/// <remarks>
/// In evaluation the identity. The gradient is multiplied with the forward pass's factors. Nothing is selected: NaN and infinities stay. Rate 0 returns an alias of the
/// input. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014, §10.
/// </remarks>
public sealed class GaussianDropout : GaussianModule
{
    /// <summary>A Gaussian dropout layer.</summary>
    /// <param name="dropRate">The drop rate r whose noise is matched, in [0, 1).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1).</exception>
    public GaussianDropout(double dropRate = 0.5, bool inplace = false, ulong? seed = null, uint site = 0)
        : base(nameof(GaussianDropout), new DropoutSite(dropRate, seed, site, canDropAll: false), inplace)
    {
    }

    private protected override TensorNoise Noise(SiteDraw draw, long firstElement) => new GaussianFactorNoise(draw.Stream, draw.DropRate, firstElement);

    private protected override Tensor Values(SiteDraw draw, long firstElement, long[] shape, ScalarType type) =>
        new GaussianFactorNoise(draw.Stream, draw.DropRate, firstElement).Factors(shape, type);

    private protected override Tensor Combine(Tensor input, Tensor noise) => FloatingNoise.Multiply(input, noise);
}
