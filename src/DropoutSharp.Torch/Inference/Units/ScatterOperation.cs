using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Puts the kept units back to their places among all units.</summary>
internal sealed class ScatterOperation(int dimension, long units, int[] kept, double[]? constants) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame) => UnitScatter.Scatter(input, dimension, units, kept, constants);

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [new UnitScatter(dimension, units, kept, constants)];
}
