using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer or a convolution between kept units only.</summary>
internal sealed class WeightedOperation : UnitOperation
{
    private readonly WeightedLayer _layer;
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private double _positions = 1;

    /// <summary>A part of a layer.</summary>
    /// <param name="layer">The whole layer.</param>
    /// <param name="inputs">The units that come in; null for all.</param>
    /// <param name="outputs">The units that go out; null for all.</param>
    /// <param name="scale">What is to be multiplied into the weights.</param>
    /// <param name="said">What each unit says beside the values that come in, a number a unit; null for nothing.</param>
    public WeightedOperation(WeightedLayer layer, long[]? inputs, long[]? outputs, double scale, double[]? said)
    {
        using DisposeScope scope = NewDisposeScope();
        _layer = layer;
        Tensor whole = layer.Weight.detach();
        _weight = Gather.Weights(whole, outputs, inputs, scale).DetachFromDisposeScope();
        Tensor? bias = layer.Bias?.detach();
        if (said is not null)
        {
            Tensor added = whole.matmul(tensor(said, whole.dtype, whole.device));
            bias = bias is null ? added : bias.Plus(added);
        }

        _bias = bias is null ? null : (outputs is null ? bias.alias() : Gather.Units(bias, 0, outputs)).DetachFromDisposeScope();
    }

    public override bool IsThin => _weight.numel() < _layer.Weight.numel();

    public override double ProductsPerRow => _weight.numel() * _positions;

    public override double FullProductsPerRow => _layer.Weight.numel() * _positions;

    public override double Weights => _weight.numel();

    public override double FullWeights => _layer.Weight.numel();

    public override double Gathered => _weight.numel();

    public override Tensor Run(Tensor input, PassFrame frame)
    {
        Tensor output = _layer.Call(input, _weight, _bias);
        long rows = Math.Max(1, output.shape[0]), channels = Math.Max(1, _weight.shape[0]);
        _positions = (double)output.numel() / (rows * channels);
        return output;
    }

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [_layer.Create(_weight, _bias)];

    public override void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
        base.Dispose();
    }
}
