using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer or a convolution: the kept units of what comes in and of what goes out select a part of the weights.</summary>
internal sealed class UnitWeights(nn.Module<Tensor, Tensor> module) : UnitLayer
{
    private readonly WeightedLayer _layer = new(module);

    public override bool Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        long[] shape = trace.Shape;
        bool isLinear = module is Linear;
        if (!_layer.IsBatched(trace.Data))
        {
            return false;
        }

        // A convolution's edges see fewer units that say something than its middle; they have no place for a constant.
        int dimension = isLinear ? shape.Length - 1 : 1;
        bool says = trace.Constants is not null || trace.Pending.Offset != 0;
        if (trace.Kept is { } units && (trace.Dimension != dimension || shape[dimension] != _layer.Weight.size(1) || trace.IsOpen || (!isLinear && (says || units.Length == 0))))
        {
            trace.ToFull();
        }
        else if (trace.Kept is null)
        {
            trace.Settle();
        }

        long outputs = _layer.Weight.size(0);
        long[] after = isLinear ? [.. shape[..^1], outputs] : [shape[0], outputs, .. Enumerable.Repeat(2L, shape.Length - 2)];
        int[]? kept = wanted(after, dimension);
        if (kept is null && trace.Kept is null)
        {
            return false;
        }

        double[]? said = Said(trace);
        if (trace.IsUnselected && said is null && trace.Dimension == dimension && ComplementOperation.Pays(_layer, shape[dimension], trace.KeepProbability, trace.Frame.Sharing)) // a mask was drawn
        {
            trace.ApplyUnselected(new ComplementOperation(_layer, this, trace.Frame.Sharing, trace.Kept!, kept, trace.Pending.Scale));
        }
        else
        {
            trace.Apply(new WeightedOperation(_layer, trace.Kept, kept, trace.Pending.Scale, said));
        }

        trace.Became(kept, dimension, outputs);
        return true;
    }

    private static double[]? Said(UnitTrace trace)
    {
        (double scale, double offset) = trace.Pending;
        if (trace.Kept is null || (trace.Constants is null && offset == 0))
        {
            return null;
        }

        double[] said = trace.Constants?.ToArray() ?? new double[trace.Shape[trace.Dimension]];
        foreach (int unit in trace.Kept)
        {
            said[unit] = offset;
        }

        return said;
    }
}
