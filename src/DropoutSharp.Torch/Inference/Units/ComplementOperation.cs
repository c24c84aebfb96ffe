using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer behind a mask on what all passes share: the product with all units, which is computed once for all passes, less that with the units that a pass drops.</summary>
/// <remarks>
/// At low drop rates few units are dropped: at rate 0.2 a pass has a quarter of the kept units' products. The sum's rounding is that of a sum over all units, so that a dropped unit that is far larger than the others, infinite or
/// not a number would say something: rows with such values are multiplied the direct way.
/// </remarks>
internal sealed class ComplementOperation : UnitOperation
{
    // A pass's products must be fewer than this share of the direct way's: the shared product has to be read too.
    private const double MostOfDirect = 0.75;

    // With fewer units all of a quarter may be dropped at once, and there is little to save.
    private const int LeastUnits = 16;

    // How many times as large as the largest quarter's least a row's largest value may be: what is left of it when it is taken away again is then of the size of the other terms' rounding.
    private const double MostOfQuarter = 256;

    private readonly WeightedLayer _layer;
    private readonly object _key;
    private readonly int _passes;
    private readonly int[] _inputs;
    private readonly int[]? _outputs;
    private readonly int[] _dropped;
    private readonly double _scale;
    private readonly WeightedOperation _less;
    private WeightedOperation? _direct;

    /// <summary>A part of a layer.</summary>
    /// <param name="layer">The whole layer.</param>
    /// <param name="owner">Whose shared product it is.</param>
    /// <param name="passes">How many passes share it.</param>
    /// <param name="inputs">The units that come in and are kept.</param>
    /// <param name="outputs">The units that go out; null for all.</param>
    /// <param name="scale">What is to be multiplied into the weights.</param>
    public ComplementOperation(WeightedLayer layer, object owner, int passes, int[] inputs, int[]? outputs, double scale)
    {
        (_layer, _key, _passes, _inputs, _outputs, _scale) = (layer, (owner, scale), passes, inputs, outputs, scale);
        _dropped = Others(inputs, checked((int)layer.Weight.size(1)));
        _less = new WeightedOperation(layer, _dropped, outputs, -scale, null);
    }

    public override bool IsThin => true;

    public override int Steps => 2;

    public override double ProductsPerRow => _less.ProductsPerRow + (FullProductsPerRow / _passes);

    public override double FullProductsPerRow => _less.FullProductsPerRow;

    public override double Weights => _less.Weights;

    public override double FullWeights => _less.FullWeights;

    public override double CopiedWeights => _less.CopiedWeights;

    public override double UncopiedWeights => _less.UncopiedWeights;

    /// <summary>Whether so many passes are faster this way.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="units">How many units come in.</param>
    /// <param name="keepProbability">How probably each is kept. The choice goes by this and not by what a pass keeps: all passes are to make the same.</param>
    /// <param name="passes">How many passes share the product with all units.</param>
    public static bool Pays(WeightedLayer layer, long units, double keepProbability, int passes)
    {
        Tensor weight = layer.Weight;
        return layer.IsLinear && TensorMemory.IsForKernels(weight) && weight.dtype is ScalarType.Float32 or ScalarType.Float64 && units >= LeastUnits && weight.size(1) == units
            && 1 - keepProbability + (1.0 / passes) < MostOfDirect * keepProbability;
    }

    public override Tensor Run(Tensor input, PassFrame frame)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor shared = frame.Once(_key, 0, () => OfAll(input));
        if (shared.numel() > 0)
        {
            return _less.Run(Units(input, _dropped), shared).MoveToOuterDisposeScope();
        }

        _direct ??= new WeightedOperation(_layer, _inputs, _outputs, _scale, null);
        return _direct.Run(Units(input, _inputs), frame).MoveToOuterDisposeScope();
    }

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => throw new UnreachableException("A pass that becomes modules shares nothing with others.");

    public override void Dispose()
    {
        _less.Dispose();
        _direct?.Dispose();
        base.Dispose();
    }

    private static Tensor Units(Tensor input, int[] units) => Gather.Units(input, (int)input.dim() - 1, units);

    private static int[] Others(int[] kept, int count)
    {
        int[] others = new int[count - kept.Length];
        int next = 0, place = 0;
        for (int unit = 0; unit < count; unit++)
        {
            if (next < kept.Length && kept[next] == unit)
            {
                next++;
            }
            else
            {
                others[place++] = unit;
            }
        }

        return others;
    }

    /// <summary>The layer with all units, scaled; no elements where values cannot be taken away again.</summary>
    private Tensor OfAll(Tensor input)
    {
        Tensor product = nn.functional.linear(input.Times(_scale), _layer.Weight.detach(), _layer.Bias?.detach());
        int quarter = (int)input.size(-1) / 4;
        Tensor largest = input.abs().topk(quarter, -1).values;
        bool canBeTakenAway = product.isfinite().all().item<bool>() && largest.narrow(-1, 0, 1).le(largest.narrow(-1, quarter - 1, 1).Times(MostOfQuarter)).all().item<bool>();
        return canBeTakenAway ? product : empty(0, product.dtype);
    }
}
