using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One mask a sequence on every hidden-to-hidden weight.</summary>
/// <param name="draw">The draw of this pass.</param>
/// <param name="chains">The number of layers times directions.</param>
/// <param name="maskShape">The shape of a weight's mask: the weight's own, or one element a row.</param>
/// <param name="scale">What kept weights are multiplied with.</param>
internal sealed class WeightDropNoise(SiteDraw draw, int chains, long[] maskShape, double scale) : RecurrentNoise
{
    public override Tensor HiddenWeight(Tensor weight, int chain)
    {
        var law = new MaskLaw(scale);
        if (draw.Mask is null)
        {
            long[]? shared = maskShape[^1] == weight.size(-1) ? null : maskShape;
            return NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, law, shared, RecurrentSites.FirstElement(chain)), weight);
        }

        using Tensor masks = RecurrentSites.Masks(draw, chains, maskShape, hasRows: false);
        return GivenMask.Apply(masks[chain], weight, law, inPlace: false);
    }
}
