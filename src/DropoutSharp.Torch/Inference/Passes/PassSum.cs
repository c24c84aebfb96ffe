using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual block that is never dropped.</summary>
internal sealed class PassSum(string path, nn.Module<Tensor, Tensor> module, PassNode branch, PassNode? shortcut) : PassNode(path)
{
    public override bool IsStochastic { get; } = branch.IsStochastic || shortcut?.IsStochastic == true;

    public override bool IsRowwise => branch.IsRowwise && shortcut?.IsRowwise != false;

    public override nn.Module<Tensor, Tensor> Source => module;

    public override IEnumerable<PassNode> Parts => shortcut is null ? [branch] : [shortcut, branch];

    public override PassValue Run(PassValue input, PassFrame frame)
    {
        PassValue kept = shortcut?.Run(input, frame) ?? input;
        return kept.Plus(branch.Run(input, frame), 1, frame);
    }

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted) => trace.Sum(branch, shortcut, 1);
}
