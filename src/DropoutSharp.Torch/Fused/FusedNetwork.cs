using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A network that computes each activation and the <see cref="Dropout"/> behind it in one pass over the memory, forward and backward.</summary>
/// <remarks>
/// The wrapped model is not changed: what is fused is decided pass by pass, and masks, steps and state are its own. It looks into every nesting of <c>Sequential</c>; this library's blocks fuse by themselves. What is fused, and what is not:
/// <see cref="FusedLayers.Run"/>.
/// </remarks>
public sealed class FusedNetwork : nn.Module<Tensor, Tensor>, IModuleChain
{
    private const string ModelName = "model";

    [ComponentName(Name = ModelName)]
    private readonly nn.Module<Tensor, Tensor> _model;

    /// <summary>A network that fuses.</summary>
    /// <param name="model">The network; it becomes the child <c>model</c> and can be used by itself too.</param>
    public FusedNetwork(nn.Module<Tensor, Tensor> model)
        : base(nameof(FusedNetwork))
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        register_module(ModelName, model);
    }

    /// <summary>The network.</summary>
    public nn.Module<Tensor, Tensor> Model => _model;

    /// <inheritdoc/>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Layers => [_model];

    /// <summary>One pass.</summary>
    /// <param name="input">What the network takes.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FusedChain.Call(_model, input);
    }
}
