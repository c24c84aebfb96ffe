using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>The mean over the tokens of a row.</summary>
internal sealed class MeanOfTokens() : nn.Module<Tensor, Tensor>(nameof(MeanOfTokens))
{
    public override Tensor forward(Tensor input) => input.mean([1]);
}
