using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One mask for a chain's inputs and one for its states, the same at every time step.</summary>
internal sealed class VariationalNoise(RecurrentWeights weights, SiteDraw inputDraw, SiteDraw stateDraw) : RecurrentNoise
{
    public override Tensor Input(Tensor input, int chain)
    {
        if (!Draws(inputDraw))
        {
            return input;
        }

        RecurrentSites.CheckGiven(inputDraw, weights.InputsHaveOneSize);
        return Drop(inputDraw, [input.size(1), input.size(2)], chain)(input);
    }

    public override Func<Tensor, Tensor>? StateOf(Tensor firstState, int chain) =>
        Draws(stateDraw) ? Drop(stateDraw, TensorMemory.Shape(firstState), chain) : null;

    private static bool Draws(SiteDraw draw) => draw.IsStochastic && (draw.Mask is not null || !draw.DropRate.KeepsAll);

    // The mask is made once and used at every step; it belongs to the scope of the pass.
    private Func<Tensor, Tensor> Drop(SiteDraw draw, long[] shape, int chain)
    {
        var law = new MaskLaw(draw.DropRate.InvertedScale);
        Tensor mask = draw.Mask is null
            ? RecurrentSites.Mask(draw, chain, shape, hasRows: true)
            : RecurrentSites.Masks(draw, weights.Chains, shape, hasRows: true)[chain];
        return tensor => GivenMask.Apply(mask, tensor, law, inPlace: false);
    }
}
