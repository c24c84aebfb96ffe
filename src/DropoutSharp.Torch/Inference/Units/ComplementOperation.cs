using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer behind a mask on what all passes share: the product with all units, which is computed once for all passes, less that with the units that a pass drops.</summary>
/// <remarks>
/// At low drop rates few units are dropped: at rate 0.2 a pass has a quarter of the kept units' products. The sum's rounding is that of a sum over all units. A dropped unit that is infinite or not a number must say
/// nothing, and would say something here: such values are multiplied the direct way.
/// </remarks>
internal sealed class ComplementOperation : UnitOperation
{
    // Products saved below this share are not worth reading the shared product.
    private const double MostOfDirect = 0.75;

    private readonly WeightedLayer _layer;
    private readonly object _key;
    private readonly int[] _inputs;
    private readonly int[]? _outputs;
    private readonly int[] _dropped;
    private readonly double _scale;
    private readonly Tensor _whole;
    private readonly Submatrix _part;
    private Tensor? _weight;
    private WeightedOperation? _direct;
    private double _positions = 1;

    /// <summary>A part of a layer.</summary>
    /// <param name="layer">The whole layer.</param>
    /// <param name="key">The name of the shared product among what passes have in common.</param>
    /// <param name="inputs">The units that come in and are kept.</param>
    /// <param name="outputs">The units that go out; null for all.</param>
    /// <param name="scale">What is to be multiplied into the weights.</param>
    public ComplementOperation(WeightedLayer layer, object key, int[] inputs, int[]? outputs, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        (_layer, _key, _inputs, _outputs, _scale) = (layer, key, inputs, outputs, scale);
        _whole = layer.Weight.detach().DetachFromDisposeScope();
        _dropped = Others(inputs, checked((int)_whole.size(1)));
        _part = Gather.Part(_whole, outputs, _dropped);
    }

    public override bool IsThin => true;

    public override double ProductsPerRow => _part.Length * _positions;

    public override double FullProductsPerRow => _whole.numel() * _positions;

    public override double Weights => _part.Length;

    public override double FullWeights => _whole.numel();

    public override double CopiedWeights => _part.Length;

    public override double UncopiedWeights => _positions == 1 && KeptLinear.Takes(_layer, _whole) ? _part.Length : 0;

    /// <summary>The weights of dropped units with the sign that takes their part away, copied when they are first wanted.</summary>
    private Tensor Weight => _weight ??= Gather.Weights(_whole, _part, -_scale).DetachFromDisposeScope();

    /// <summary>Whether so many passes are faster this way.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The units that come in and are kept.</param>
    /// <param name="outputs">The units that go out; null for all.</param>
    /// <param name="passes">How many passes share the product with all units.</param>
    public static bool Pays(WeightedLayer layer, int[] inputs, int[]? outputs, int passes)
    {
        Tensor weight = layer.Weight;
        if (!layer.IsLinear || !TensorMemory.IsForKernels(weight) || weight.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            return false;
        }

        double all = weight.size(1), ofOutputs = Math.Max(1, outputs?.Length ?? weight.size(0));
        double shared = all * weight.size(0) / ofOutputs / passes;
        return all - inputs.Length + shared < MostOfDirect * inputs.Length;
    }

    public override Tensor Run(Tensor input, PassFrame frame)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor shared = frame.Once(_key, 0, () => OfAll(input));
        Tensor output = shared.numel() > 0 ? WithoutDropped(input, shared) : Direct(input, frame);
        long rows = Math.Max(1, output.size(0)), channels = Math.Max(1, _part.KeptRows);
        _positions = (double)output.numel() / (rows * channels);
        return output.MoveToOuterDisposeScope();
    }

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules()
    {
        using WeightedOperation direct = new(_layer, _inputs, _outputs, _scale, null);
        return [new UnitSelection(-1, _inputs), .. direct.ToModules()];
    }

    public override void Dispose()
    {
        _whole.Dispose();
        _weight?.Dispose();
        _direct?.Dispose();
        base.Dispose();
    }

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

    /// <summary>The layer with all units, scaled; no elements where a value is not finite.</summary>
    private Tensor OfAll(Tensor input)
    {
        Tensor product = nn.functional.linear(input.Times(_scale), _whole, _layer.Bias?.detach());
        return product.isfinite().all().item<bool>() ? product : empty(0, product.dtype);
    }

    private Tensor WithoutDropped(Tensor input, Tensor shared)
    {
        Tensor dropped = Gather.Units(input, (int)input.dim() - 1, _dropped);
        if (KeptLinear.Takes(_layer, _whole) && KeptLinear.IsFaster(dropped))
        {
            return KeptLinear.Call(dropped, _whole, _part, -_scale, shared);
        }

        Tensor output = _outputs is null ? shared.clone() : Gather.Units(shared, (int)shared.dim() - 1, _outputs);
        long rows = shared.numel() / _whole.size(0); // it has elements
        output.view(rows, _part.KeptRows).addmm_(dropped.reshape(rows, _dropped.Length), Weight.t(), 1, 1);
        return output;
    }

    private Tensor Direct(Tensor input, PassFrame frame)
    {
        _direct ??= new WeightedOperation(_layer, _inputs, _outputs, _scale, null);
        return _direct.Run(Gather.Units(input, (int)input.dim() - 1, _inputs), frame);
    }
}
