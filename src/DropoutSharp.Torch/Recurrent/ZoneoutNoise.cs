using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Keeps old states in place of new ones at random, or in expectation in evaluation.</summary>
/// <param name="hiddenDraw">The draw for hidden states; not stochastic in evaluation.</param>
/// <param name="cellDraw">The draw for cell states.</param>
/// <param name="hiddenRate">The probability that a hidden unit keeps its old value.</param>
/// <param name="cellRate">The probability that a cell keeps its old value.</param>
/// <param name="chains">The number of chains.</param>
/// <param name="steps">The number of time steps.</param>
internal sealed class ZoneoutNoise(
    SiteDraw hiddenDraw, SiteDraw cellDraw, DropRate hiddenRate, DropRate cellRate, int chains, long steps) : RecurrentNoise
{
    private readonly Dictionary<(bool IsCell, int Chain), Tensor[]> _masks = [];

    public override Tensor Hidden(Tensor old, Tensor next, int chain, int time) => Mix(hiddenDraw, hiddenRate, false, old, next, chain, time);

    public override Tensor Cell(Tensor old, Tensor next, int chain, int time) => Mix(cellDraw, cellRate, true, old, next, chain, time);

    private Tensor Mix(SiteDraw draw, DropRate dropRate, bool isCell, Tensor old, Tensor next, int chain, int time)
    {
        if (!draw.IsStochastic)
        {
            return Zoneout.Mean(old, next, dropRate);
        }

        if (draw.Mask is null && draw.DropRate.KeepsAll)
        {
            return next;
        }

        if (!_masks.TryGetValue((isCell, chain), out Tensor[]? masks))
        {
            long[] shape = [old.size(0), steps, old.size(1)];
            Tensor whole = draw.Mask is null
                ? RecurrentSites.Mask(draw, chain, shape, hasRows: true)
                : RecurrentSites.Masks(draw, chains, shape, hasRows: true)[chain];
            masks = _masks[(isCell, chain)] = whole.to(old.device).unbind(1);
        }

        return where(masks[time], next, old);
    }
}
