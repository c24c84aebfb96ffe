using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>All dimensions but the first as one: a map becomes as many units as it has cells.</summary>
internal sealed class UnitFlatten(nn.Module<Tensor, Tensor> module) : UnitLayer
{
    public override bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (trace.Kept is null || trace.Dimension != 1 || trace.IsOpen)
        {
            return false;
        }

        trace.Select();
        long each = TensorMemory.Shape(trace.Data)[2..].Aggregate(1L, static (product, size) => product * size);
        trace.Spread(each);
        trace.Apply(new ModuleOperation(module));
        return true;
    }
}
