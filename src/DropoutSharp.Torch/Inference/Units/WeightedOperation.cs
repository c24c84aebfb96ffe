using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer or a convolution between kept units only.</summary>
internal sealed class WeightedOperation : UnitOperation
{
    private readonly WeightedLayer _layer;
    private readonly Tensor _whole;
    private readonly Submatrix _part;
    private readonly double _scale;
    private readonly int[]? _outputs;
    private readonly Tensor? _wholeBias;
    private Tensor? _weight;
    private Tensor? _bias;
    private double _positions = 1;

    /// <summary>A part of a layer.</summary>
    /// <param name="layer">The whole layer.</param>
    /// <param name="inputs">The units that come in; null for all.</param>
    /// <param name="outputs">The units that go out; null for all.</param>
    /// <param name="scale">What is to be multiplied into the weights.</param>
    /// <param name="said">What each unit says beside the values that come in, a number a unit; null for nothing.</param>
    public WeightedOperation(WeightedLayer layer, int[]? inputs, int[]? outputs, double scale, double[]? said)
    {
        using DisposeScope scope = NewDisposeScope();
        (_layer, _outputs, _scale) = (layer, outputs, scale);
        _whole = layer.Weight.detach().DetachFromDisposeScope();
        _part = Gather.Part(_whole, outputs, inputs);
        Tensor? bias = layer.Bias?.detach();
        if (said is not null)
        {
            Tensor added = _whole.matmul(tensor(said, _whole.dtype, _whole.device));
            bias = bias is null ? added : bias.Plus(added);
        }

        _wholeBias = bias?.DetachFromDisposeScope();
    }

    public override bool IsThin => _part.Length < _whole.numel();

    public override double ProductsPerRow => _part.Length * _positions;

    public override double FullProductsPerRow => _whole.numel() * _positions;

    public override double Weights => _part.Length;

    public override double FullWeights => _whole.numel();

    public override double CopiedWeights => _part.Length;

    public override double UncopiedWeights => _positions == 1 && KeptLinear.Takes(_layer, _whole) ? _part.Length : 0;

    /// <summary>The kept weights side by side, copied when they are first wanted so.</summary>
    private Tensor Weight => _weight ??= Gather.Weights(_whole, _part, _scale).DetachFromDisposeScope();

    /// <summary>The biases of the units that go out.</summary>
    private Tensor? Bias => _outputs is null ? _wholeBias : _bias ??= _wholeBias is null ? null : Gather.Units(_wholeBias, 0, _outputs).DetachFromDisposeScope();

    public override Tensor Run(Tensor input, PassFrame frame) =>
        Note(KeptLinear.Fits(_layer, _whole, _part, input) ? KeptLinear.Call(input, _whole, _part, _scale, _wholeBias) : _layer.Call(input, Weight, Bias));

    /// <summary>Computes a linear layer that adds numbers of all its units for each row, instead of its biases.</summary>
    /// <param name="input">What comes in.</param>
    /// <param name="summands">The numbers, of the units that do not go out too.</param>
    public Tensor Run(Tensor input, Tensor summands)
    {
        if (KeptLinear.Fits(_layer, _whole, _part, input))
        {
            return Note(KeptLinear.Call(input, _whole, _part, _scale, summands));
        }

        Tensor output = _outputs is null ? summands.clone() : Gather.Units(summands, (int)summands.dim() - 1, _outputs);
        long rows = summands.numel() / Math.Max(1, _part.Rows);
        output.view(rows, _part.KeptRows).addmm_(input.reshape(rows, _part.KeptColumns), Weight.t(), 1, 1);
        return Note(output);
    }

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [_layer.Create(Weight, Bias)];

    public override void Dispose()
    {
        _whole.Dispose();
        _weight?.Dispose();
        _wholeBias?.Dispose();
        _bias?.Dispose();
        base.Dispose();
    }

    private Tensor Note(Tensor output)
    {
        long rows = Math.Max(1, output.size(0)), channels = Math.Max(1, _part.KeptRows);
        _positions = (double)output.numel() / (rows * channels);
        return output;
    }
}
