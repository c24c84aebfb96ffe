using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The divergence of multiplicative Gaussian noise <c>N(1, α)</c> on a weight from the log-uniform prior, in nats, up to a constant.</summary>
/// <remarks>The divergence itself, <c>−½ ln α + E[ln|1 + √α ε|]</c>, has no closed form; the papers' fits to it are used.</remarks>
public static class VariationalDivergence
{
    /// <summary>Kingma's cubic fit, for α in (0, 1]: <c>−½ ln α − c₁α − c₂α² − c₃α³</c>.</summary>
    /// <param name="logAlpha">ln α, at most 0.</param>
    /// <returns>One number an α: the divergence less 0.02, give or take 0.02.</returns>
    /// <remarks>c = 1.16145124, −1.50204118, 0.58629921 (Kingma, Salimans and Welling 2015, appendix C).</remarks>
    public static Tensor Cubic(Tensor logAlpha)
    {
        ArgumentNullException.ThrowIfNull(logAlpha);
        Tensor alpha = logAlpha.exp();
        return logAlpha.Times(-0.5) - (alpha * (alpha * (alpha.Times(0.58629921).Plus(-1.50204118))).Plus(1.16145124));
    }

    /// <summary>Molchanov's fit, for all α: <c>−k₁σ(k₂ + k₃ ln α) + ½ ln(1 + 1/α) + k₁</c>, which goes to 0 as α goes to infinity.</summary>
    /// <param name="logAlpha">ln α.</param>
    /// <returns>One number an α.</returns>
    /// <remarks>k = 0.63576, 1.87320, 1.48695 (Molchanov, Ashukha and Vetrov 2017, equation 14).</remarks>
    public static Tensor Sigmoid(Tensor logAlpha)
    {
        ArgumentNullException.ThrowIfNull(logAlpha);

        // ln(1 + 1/α) is −ln σ(ln α).
        return logAlpha.Times(1.48695).Plus(1.87320).sigmoid().SubtractedFrom(1).Times(0.63576) - nn.functional.logsigmoid(logAlpha).Times(0.5);
    }
}
