using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Runs a part of the model with all units.</summary>
internal sealed class NodeOperation(PassNode node, bool isShared) : UnitOperation
{
    private Tensor? _mask;
    private double _products;
    private double _weights;

    public override Tensor Run(Tensor input, PassFrame frame)
    {
        PassValue value = node.Run(new(input, isShared), frame);
        if (_mask is null && node is PassDrop { Source: MaskedModule masked })
        {
            _mask = masked.RowMask(TensorMemory.Shape(input), frame.Draw(masked.Site, 0))?.DetachFromDisposeScope();
        }

        if (node is PassLeaf { Source: TorchSharp.Modules.Linear or TorchSharp.Modules.Convolution } leaf && _products == 0)
        {
            Tensor weight = new WeightedLayer(leaf.Source).Weight;
            _weights = weight.numel();
            _products = _weights * (double)value.Data.numel() / Math.Max(1, value.Data.size(0) * weight.size(0));
        }

        return value.IsShared || ReferenceEquals(value.Data, input) ? value.Data.alias() : value.Data;
    }

    public override double ProductsPerRow => _products;

    public override double Weights => _weights;

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules()
    {
        if (!node.IsStochastic)
        {
            return [node.Source! switch // what draws nothing is a module
            {
                TorchSharp.Modules.BatchNorm { track_running_stats: true } norm => NormOperation.Copy(norm),
                TorchSharp.Modules.Linear or TorchSharp.Modules.Convolution { transposed: false } => new WeightedLayer(node.Source!).Copy(),
                nn.Module<Tensor, Tensor> module => module,
            }];
        }

        if (_mask is not null)
        {
            return [new FixedMask(_mask, ((PassDrop)node).Law)];
        }

        string kind = node is PassOpaque opaque ? opaque.Name : node.Source?.GetType().Name ?? node.GetType().Name;
        throw new ArgumentException($"A sub-network needs masks that all rows share, in modules that can be looked into; received {kind} at \"{node.Path}\".");
    }

    public override void Dispose()
    {
        _mask?.Dispose();
        base.Dispose();
    }
}
