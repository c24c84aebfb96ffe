using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Multiplies with a number and adds one.</summary>
internal sealed class ScaleOperation(double scale, double offset) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame) => UnitScale.Apply(input, scale, offset);

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [new UnitScale(scale, offset)];
}
