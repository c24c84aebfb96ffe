using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Multiplies with a number and adds one.</summary>
internal sealed class UnitScale : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "line")]
    private readonly Tensor _line;

    public UnitScale(double scale, double offset)
        : base(nameof(UnitScale))
    {
        _line = tensor((double[])[scale, offset]).DetachFromDisposeScope();
        register_buffer("line", _line);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] line = get_buffer("line")!.to(input.dtype).unbind(0); // registered above
        return (input * line[0]).Plus(line[1]).MoveToOuterDisposeScope();
    }

    public static Tensor Apply(Tensor input, double scale, double offset)
    {
        Tensor product = input.Times(scale);
        return offset == 0 ? product : product.Increase(offset);
    }
}
