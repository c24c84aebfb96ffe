using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A dropout module on activations: each pass has a draw of its own.</summary>
internal sealed class PassDrop(string path, DropoutModule module) : PassNode(path)
{
    // A class derived elsewhere may draw in another way, and groups of rows do.
    private readonly MaskedModule? _masked =
        module.GetType().Assembly == typeof(MaskedModule).Assembly && module is MaskedModule masked and not BatchwiseDropout { RowGroups: not 1 } ? masked : null;

    public override DropoutModule Source => module;

    public override bool IsStochastic => true;

    public override bool IsFreeThreaded => _masked is not null;

    public override bool IsRowwise => module is not BatchwiseDropout { RowGroups: > 1 };

    public override PassValue Run(PassValue input, PassFrame frame)
    {
        if (frame.Count == 1)
        {
            return new(Draw(input.Data, frame, 0), false);
        }

        // One result for all passes, written where it belongs.
        Tensor first = input.Of(0, frame);
        if (_masked is null || !TensorMemory.IsForKernels(first) || !input.Data.is_contiguous() || first.dim() == 0)
        {
            return PassValue.Stack([.. Enumerable.Range(0, frame.Count).Select(index => Draw(input.Of(index, frame), frame, index))]);
        }

        long rows = first.size(0);
        Tensor output = empty([rows * frame.Count, .. TensorMemory.Shape(first)[1..]], first.dtype, first.device);
        for (int index = 0; index < frame.Count; index++)
        {
            using Tensor target = output.narrow(0, index * rows, rows);
            _masked.Draw(input.Of(index, frame), frame.Draw(module.Site, index), target);
        }

        return new(output, false);
    }

    /// <summary>The kept units of the frame's pass, where all rows share a mask of one draw a unit; null where masks are of another shape.</summary>
    /// <param name="shape">The shape of what would come in, with all its units.</param>
    /// <param name="dimension">Which dimension holds the units.</param>
    /// <param name="frame">The pass.</param>
    public int[]? KeptUnits(long[] shape, int dimension, PassFrame frame) =>
        _masked?.HasUnitMask(shape, dimension, frame.Draws.IsSharedByRows) == true ? frame.KeptUnits(_masked, checked((int)shape[dimension])) : null;

    /// <summary>What becomes of kept and dropped units.</summary>
    public MaskLaw Law => _masked!.LawOf(module.DropRate); // only asked where there are kept units

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        long[] shape = trace.Shape;
        foreach (int dimension in trace.Kept is null ? (int[])[1, shape.Length - 1] : [trace.Dimension])
        {
            if (dimension > 0 && dimension < shape.Length && KeptUnits(shape, dimension, trace.Frame) is { } kept)
            {
                trace.Drop(kept, dimension, Law, module.DropRate.KeepProbability);
                return;
            }
        }

        trace.Run(this);
    }

    private Tensor Draw(Tensor input, PassFrame frame, int index)
    {
        SiteDraw draw = frame.Draw(module.Site, index);
        return _masked is null ? module.DrawAt(input, draw) : _masked.DrawFree(input, draw);
    }
}
