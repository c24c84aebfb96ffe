using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Batch normalisation in evaluation: a line for each unit.</summary>
internal sealed class UnitNorm(BatchNorm norm) : UnitLayer
{
    public override bool KeepsUnits => true;

    public override bool Takes(long[] shape, int dimension) => dimension == 1;

    public override bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (trace.Kept is not { Length: > 0 } kept || trace.Dimension != 1)
        {
            return false;
        }

        trace.Settle();
        double[] constants = trace.Constants ?? new double[trace.Shape[1]];
        bool isOpen = trace.IsOpen;
        trace.Apply(new NormOperation(norm, kept));
        if (!isOpen)
        {
            trace.SetConstants(Line(constants));
        }

        return true;
    }

    private double[] Line(double[] values)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor mean = norm.running_mean!.to(ScalarType.Float64), variance = norm.running_var!.to(ScalarType.Float64); // it tracks them
        Tensor line = (tensor(values, device: mean.device) - mean) / variance.Plus(norm.eps).sqrt();
        line = norm.weight is null ? line : line * norm.weight.detach().to(ScalarType.Float64);
        line = norm.bias is null ? line : line.Plus(norm.bias.detach().to(ScalarType.Float64));
        return [.. line.cpu().data<double>()];
    }
}
