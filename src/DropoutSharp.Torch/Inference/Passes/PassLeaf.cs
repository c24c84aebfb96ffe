using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module that draws nothing.</summary>
internal sealed class PassLeaf(string path, nn.Module<Tensor, Tensor> module) : PassNode(path)
{
    private readonly UnitLayer? _units = UnitLayer.Of(module);

    public override nn.Module<Tensor, Tensor> Source => module;

    /// <summary>What it does to units, where it acts on each for itself or mixes them by weights.</summary>
    public UnitLayer? Units => _units;

    public override bool IsStochastic => false;

    public override bool IsFreeThreaded => RowwiseModules.IsFreeThreaded(module);

    public override bool IsRowwise { get; } = RowwiseModules.Contains(module);

    public override PassValue Run(PassValue input, PassFrame frame) => input.IsShared || IsRowwise || frame.Count == 1
        ? new(module.call(input.Data), input.IsShared)
        : PassValue.Stack([.. Enumerable.Range(0, frame.Count).Select(index => module.call(input.Of(index, frame)))]);

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        if (_units is null || !_units.Trace(trace, wanted))
        {
            trace.Run(this);
        }
    }
}
