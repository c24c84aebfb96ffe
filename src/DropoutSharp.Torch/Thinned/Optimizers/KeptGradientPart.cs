using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The gradient that one backward pass gave parts of a parameter.</summary>
/// <param name="Parts">The parts.</param>
/// <param name="Scale">What the gradients are multiplied with.</param>
/// <param name="Values">Their gradients, part after part.</param>
internal sealed record KeptGradientPart(Submatrix[] Parts, double Scale, Tensor Values) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
