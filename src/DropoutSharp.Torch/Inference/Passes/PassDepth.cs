using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual block whose branch is dropped by whole passes or by rows.</summary>
internal sealed class PassDepth(string path, StochasticDepth module, PassNode branch, PassNode? shortcut) : PassNode(path)
{
    private readonly PassNode _whole = new PassOpaque(path, module.call, [.. DropoutSites.Of(module).Select(static site => site.Site)], nameof(StochasticDepth));

    public override bool IsStochastic => true;

    public override bool IsRowwise => module.Mode != StochasticDepthMode.FixedSubset && branch.IsRowwise && shortcut?.IsRowwise != false;

    public override bool IsFreeThreaded => module.Mode is StochasticDepthMode.Batch or StochasticDepthMode.Row;

    public override IEnumerable<PassNode> Parts => shortcut is null ? [branch] : [shortcut, branch];

    public override PassValue Run(PassValue input, PassFrame frame)
    {
        double scale = Scale;
        if (IsAllOrNothing(frame))
        {
            PassValue kept = shortcut?.Run(input, frame) ?? input;
            int[] run = [.. Enumerable.Range(0, frame.Count).Where(index => Keeps(frame, index))];
            if (run.Length == 0)
            {
                PassValue own = kept.Own(frame);
                return ReferenceEquals(own.Data, input.Data) ? own with { Data = input.Data.alias() } : own;
            }

            PassFrame some = frame.With(run);
            PassValue branched = branch.Run(input.Of(run, frame), some);
            return run.Length == frame.Count
                ? kept.Own(frame).Plus(branched, scale, frame)
                : PassValue.Stack([.. Enumerable.Range(0, frame.Count).Select(index => One(kept, branched, Array.IndexOf(run, index), index))]);

            Tensor One(PassValue kept, PassValue branched, int ofRun, int index)
            {
                PassValue one = new(kept.Of(index, frame), false);
                return ofRun < 0 ? one.Data : one.Plus(new(branched.Of(ofRun, some), false), scale, frame.With([index])).Data;
            }
        }

        if (module.Mode != StochasticDepthMode.Row || input.Data.dim() == 0)
        {
            return _whole.Run(input, frame);
        }

        PassValue whole = shortcut?.Run(input, frame) ?? input, values = branch.Run(input, frame);
        List<Tensor> passes = [];
        for (int index = 0; index < frame.Count; index++)
        {
            Tensor rows = whole.Of(index, frame);
            SiteDraw draw = frame.Draw(module.Site, index);
            long[] shape = [rows.size(0), .. Enumerable.Repeat(1L, (int)rows.dim() - 1)];
            using Tensor mask = MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, shape, draw.FirstRow, rows.device);
            using Tensor selected = MaskSelection.ApplyFast(mask, values.Of(index, frame).contiguous(), new MaskLaw(scale));
            passes.Add(rows.Plus(selected));
        }

        return PassValue.Stack(passes);
    }

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (!IsAllOrNothing(trace.Frame))
        {
            trace.Run(this);
        }
        else if (Keeps(trace.Frame, 0))
        {
            trace.Sum(branch, shortcut, Scale);
        }
        else
        {
            trace.Diverge();
            shortcut?.Trace(trace, wanted);
        }
    }

    private double Scale => module.Scaling == Scaling.Inverted ? module.DropRate.InvertedScale : 1;

    private bool IsAllOrNothing(PassFrame frame) => module.Mode == StochasticDepthMode.Batch
        || (frame.Draws.IsSharedByRows && module.Mode != StochasticDepthMode.FixedSubset);

    private bool Keeps(PassFrame frame, int index) => frame.Draw(module.Site, index).Stream.IsKept(0, module.DropRate);
}
