using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One mask a sequence on every hidden-to-hidden weight.</summary>
internal sealed class WeightDropNoise(SiteDraw draw, int chains, double scale) : RecurrentNoise
{
    public override Tensor HiddenWeight(Tensor weight, int chain)
    {
        var law = new MaskLaw(scale);
        if (draw.Mask is null)
        {
            return NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, law, null, RecurrentSites.FirstElement(chain)), weight);
        }

        using Tensor masks = RecurrentSites.Masks(draw, chains, weight.shape, hasRows: false);
        return GivenMask.Apply(masks[chain], weight, law, inPlace: false);
    }
}
