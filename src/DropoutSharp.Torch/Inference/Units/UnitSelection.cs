using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes some units out of a dimension.</summary>
internal sealed class UnitSelection : nn.Module<Tensor, Tensor>
{
    private readonly int _dimension;

    [ComponentName(Name = "units")]
    private readonly Tensor _units;

    public UnitSelection(int dimension, int[] units)
        : base(nameof(UnitSelection))
    {
        _dimension = dimension;
        _units = tensor(Array.ConvertAll(units, static unit => (long)unit)).DetachFromDisposeScope();
        register_buffer("units", _units);
    }

    public override Tensor forward(Tensor input) => input.index_select(_dimension, get_buffer("units")!); // registered above
}
