using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>
/// A residual block of two 3×3 convolutions with normalisation and activation before each: <c>y = shortcut(x) + path(conv₂(drop(a(bn₂(conv₁(a(bn₁(x))))))))</c>.
/// </summary>
/// <remarks>
/// <para>
/// He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", ECCV 2016; dropout between the convolutions as in Zagoruyko and Komodakis, "Wide residual networks", BMVC 2016.
/// The shortcut is a strided 1×1 convolution where channels or size change, and the input itself otherwise.
/// </para>
/// <para>
/// The branch has batch normalisation: drop it for whole batches (<see cref="StochasticDepthMode.Batch"/>), or its statistics see only some rows. Dropout lies behind the block's last normalisation, where it
/// shifts no statistics of this block (Li et al., "Understanding the disharmony between dropout and batch normalization", CVPR 2019).
/// </para>
/// </remarks>
public sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "path")]
    private readonly nn.Module<Tensor, Tensor> _path;

    /// <summary>A residual block of two convolutions.</summary>
    /// <param name="inputChannels">The number of maps that come in, at least 1.</param>
    /// <param name="outputChannels">The number of maps that go out, at least 1.</param>
    /// <param name="stride">The step of the first convolution, at least 1: 2 halves the maps.</param>
    /// <param name="dropout">What acts on the maps between the convolutions, such as a <see cref="DropBlock2d"/>; null for none.</param>
    /// <param name="path">How the branch is dropped.</param>
    /// <param name="activation">Makes an activation; null for ReLU.</param>
    public ResNetBlock(
        long inputChannels,
        long outputChannels,
        long stride = 1,
        nn.Module<Tensor, Tensor>? dropout = null,
        PathOptions path = default,
        Func<nn.Module<Tensor, Tensor>>? activation = null)
        : base(nameof(ResNetBlock))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        LibtorchRuntime.EnsureLoaded();
        activation ??= static () => nn.ReLU();
        List<(string, nn.Module<Tensor, Tensor>)> branch =
        [
            ("norm1", nn.BatchNorm2d(inputChannels)),
            ("activation1", activation()),
            ("conv1", nn.Conv2d(inputChannels, outputChannels, 3, stride: stride, padding: 1, bias: false)),
            ("norm2", nn.BatchNorm2d(outputChannels)),
            ("activation2", activation()),
            ("conv2", nn.Conv2d(outputChannels, outputChannels, 3, padding: 1, bias: false)),
        ];
        if (dropout is not null)
        {
            branch.Insert(5, ("dropout", dropout));
        }

        nn.Module<Tensor, Tensor>? shortcut = stride == 1 && inputChannels == outputChannels
            ? null
            : nn.Conv2d(inputChannels, outputChannels, 1, stride: stride, bias: false);
        _path = path.Around(nn.Sequential(branch), shortcut: shortcut);
        register_module("path", _path);
    }

    /// <summary>The residual block: a <see cref="StochasticDepth"/>, or a <see cref="Residual"/> where nothing is dropped.</summary>
    public nn.Module<Tensor, Tensor> Path => _path;

    /// <summary>One pass through the block.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <returns>(N, C′, ⌈H/stride⌉, ⌈W/stride⌉).</returns>
    public override Tensor forward(Tensor input) => _path.call(input);
}
