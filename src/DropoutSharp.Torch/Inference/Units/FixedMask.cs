using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One mask for ever.</summary>
internal sealed class FixedMask : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "mask")]
    private readonly Tensor _mask;

    [ComponentName(Name = "law")]
    private readonly Tensor _law;

    public FixedMask(Tensor mask, MaskLaw law)
        : base(nameof(FixedMask))
    {
        _mask = mask.clone().DetachFromDisposeScope();
        _law = tensor((double[])[law.Scale, law.Offset, law.Dropped]).DetachFromDisposeScope();
        register_buffer("mask", _mask);
        register_buffer("law", _law);
    }

    public override Tensor forward(Tensor input)
    {
        double[] law = [.. get_buffer("law")!.cpu().data<double>()]; // registered above
        return MaskSelection.Apply(get_buffer("mask")!, input, new MaskLaw(law[0], law[1], law[2]));
    }
}
