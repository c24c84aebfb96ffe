using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What is the same in all passes: computed by the first that comes.</summary>
internal sealed class OnceOperation(IReadOnlyList<PassNode> nodes, Func<Tensor, PassFrame, Tensor> run) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame) => run(input, frame).alias();

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => nodes.Select(static node => node.Source!); // what draws nothing is a module
}
