using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a model's learned dropout adds to its loss: one call for the whole model.</summary>
/// <remarks>
/// <para>
/// Training minimises <c>E[−ln p(y|x)]</c>, the mean over rows, plus <c>warmUp · KL/N</c>: the evidence lower bound divided by the number N of training rows
/// (Kingma, Salimans and Welling 2015; Gal, Hron and Kendall 2017). So the loss it is added to must be a mean negative log-likelihood in nats: cross-entropy, or
/// for a regression <c>½ (y − μ)²/σ² + ln σ</c>. For a loss of twice that, as <c>(y − μ)² e^{−s} + s</c> with <c>s = ln σ²</c>, double it; for a plain
/// mean squared error with noise precision τ, divide it by τ/2.
/// </para>
/// <para>Doubled, it is the form <c>λ‖W‖²/(1 − r) + δK(r ln r + (1 − r) ln(1 − r))</c> with <c>λ = ℓ²/N</c> and <c>δ = 2/N</c> of concrete dropout.</para>
/// </remarks>
public static class LearnedRegularizer
{
    /// <summary>The regulariser of a model, in nats a row.</summary>
    /// <param name="model">Any model.</param>
    /// <param name="dataSize">The number N of training rows, all of them and not those of a batch; at least 1.</param>
    /// <param name="lengthScale">The prior length scale ℓ of weights under concrete dropout; positive. Larger means smoother functions.</param>
    /// <param name="warmUp">The share of the divergence that counts, in [0, 1]: see <see cref="LearnedWarmUp"/>.</param>
    /// <returns>A number with a gradient; zero where nothing in the model learns its dropout.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    public static Tensor Of(nn.Module model, long dataSize, double lengthScale = 1e-2, double warmUp = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (dataSize < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(dataSize), dataSize, FormattableString.Invariant($"The data size must be at least 1; received {dataSize}."));
        }

        if (!(lengthScale > 0 && double.IsFinite(lengthScale)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(lengthScale), lengthScale, FormattableString.Invariant($"The prior length scale must be positive and finite; received {lengthScale}."));
        }

        if (!(warmUp >= 0 && warmUp <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(warmUp), warmUp, FormattableString.Invariant($"The warm-up must be in [0, 1]; received {warmUp}."));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor? sum = null;
        foreach ((string _, ILearnedDropout learned) in LearnedDropout.Of(model))
        {
            Tensor divergence = learned.Divergence(lengthScale);
            sum = sum is null ? divergence : sum.Plus(divergence);
        }

        return (sum is null ? zeros([]) : sum.Times(warmUp / dataSize)).MoveToOuterDisposeScope();
    }
}
