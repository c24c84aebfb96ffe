using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Pooling of maps: each for itself.</summary>
/// <param name="module">The pooling.</param>
/// <param name="keepsConstants">Whether it leaves a map of one number as it is, at its edges too.</param>
internal sealed class UnitPool(nn.Module<Tensor, Tensor> module, bool keepsConstants) : UnitLayer
{
    public override bool KeepsUnits => true;

    public override bool Takes(long[] shape, int dimension) => dimension == 1 && shape.Length > 2;

    public override bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (trace.Kept is not { Length: > 0 } || trace.Dimension != 1 || (trace.Constants is not null && !keepsConstants))
        {
            return false;
        }

        trace.Settle();
        trace.Apply(new ModuleOperation(module));
        return true;
    }
}
