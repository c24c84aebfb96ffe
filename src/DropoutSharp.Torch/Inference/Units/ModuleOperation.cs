using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Calls a module that takes units one by one.</summary>
internal sealed class ModuleOperation(nn.Module<Tensor, Tensor> module) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame) => module.call(input);

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules() => [module];
}
