using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes the kept units out.</summary>
internal sealed class SelectOperation(int dimension, int[] units) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame) => Gather.Units(input, dimension, units);

    public override bool IsThin => true;

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [new UnitSelection(dimension, units)];
}
