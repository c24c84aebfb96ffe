using System.Globalization;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Additive Gaussian noise: in training <c>y = x + σ·N(0, 1)</c>.</summary>
/// <remarks>
/// In evaluation the identity. The gradient passes unchanged. σ = 0 returns an alias of the input. Keras' layer of the same name. The drop rate of its site
/// is the one whose Gaussian dropout has the same σ, <c>r = σ²/(1 + σ²)</c>: a schedule of rates changes σ with it.
/// </remarks>
public sealed class GaussianNoise : GaussianModule
{
    /// <summary>A layer that adds noise.</summary>
    /// <param name="standardDeviation">σ: finite, not negative.</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is negative or not finite.</exception>
    public GaussianNoise(double standardDeviation = 0.1, bool inplace = false, ulong? seed = null, uint site = 0)
        : base(nameof(GaussianNoise), new DropoutSite(Rate(standardDeviation), seed, site, canDropAll: false), inplace)
    {
    }

    /// <summary>The noise's standard deviation σ; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double StandardDeviation
    {
        get => Deviation(DropRate);
        set => DropRate = Rate(value);
    }

    private protected override TensorNoise Noise(SiteDraw draw, long firstElement) =>
        new GaussianAddedNoise(draw.Stream, Deviation(draw.DropRate), firstElement);

    private protected override Tensor Values(SiteDraw draw, long firstElement, long[] shape, ScalarType type) =>
        new GaussianAddedNoise(draw.Stream, Deviation(draw.DropRate), firstElement).Summands(shape, type);

    private protected override Tensor Combine(Tensor input, Tensor noise) => FloatingNoise.Add(input, noise);

    private static double Deviation(DropRate rate) => Math.Sqrt(rate.Value / rate.KeepProbability);

    internal static void CheckStandardDeviation(double standardDeviation)
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation),
                standardDeviation,
                string.Create(CultureInfo.InvariantCulture, $"Standard deviation must be finite and not negative; received {standardDeviation}."));
        }
    }

    // Of r and 1 − r the smaller is given, so that neither small nor large deviations lose digits.
    private static DropRate Rate(double standardDeviation)
    {
        CheckStandardDeviation(standardDeviation);
        double variance = standardDeviation * standardDeviation;
        return variance <= 1 ? new DropRate(variance / (1 + variance)) : DropRate.FromKeepProbability(1 / (1 + variance));
    }
}
