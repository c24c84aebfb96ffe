using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>A row of features as tokens: each feature has a direction and a place of its own (Gorishniy 2021).</summary>
internal sealed class FeatureTokens : nn.Module<Tensor, Tensor>
{
    public FeatureTokens(int features, int width)
        : base(nameof(FeatureTokens))
    {
        register_parameter("direction", new Parameter(zeros(features, width)));
        register_parameter("place", new Parameter(zeros(features, width)));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = input.flatten(1).unsqueeze(-1);
        return (row * get_parameter("direction")!).Plus(get_parameter("place")!).MoveToOuterDisposeScope(); // registered above
    }
}
