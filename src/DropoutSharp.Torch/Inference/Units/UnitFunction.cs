using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>An activation.</summary>
internal sealed class UnitFunction(nn.Module<Tensor, Tensor> module) : UnitLayer
{
    private double? _atZero;

    public override bool KeepsUnits => true;

    public override bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (trace.Kept is null)
        {
            return false;
        }

        trace.Settle();
        if (!trace.IsOpen)
        {
            Constants(trace);
        }

        trace.Apply(new ModuleOperation(module));
        return true;
    }

    private void Constants(UnitTrace trace)
    {
        if (trace.Constants is { } constants)
        {
            trace.SetConstants(Call(constants, trace.Data.dtype));
        }
        else if ((_atZero ??= Call([0], trace.Data.dtype)[0]) is not 0)
        {
            double[] values = new double[trace.Shape[trace.Dimension]];
            Array.Fill(values, _atZero.Value);
            trace.SetConstants(values);
        }
    }

    private double[] Call(double[] values, ScalarType type)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return [.. module.call(tensor(values, type)).to(ScalarType.Float64).data<double>()];
    }
}
