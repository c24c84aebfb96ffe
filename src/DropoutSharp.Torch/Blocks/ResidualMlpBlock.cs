using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual block of two dense layers behind a normalisation: <c>y = x + path(dense₂(drop(a(dense₁(norm(x))))))</c>.</summary>
/// <remarks>Its parts are children of the branch, called <c>norm</c>, <c>dense1</c>, <c>activation</c>, <c>dropout</c> and <c>dense2</c>.</remarks>
public sealed class ResidualMlpBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "path")]
    private readonly nn.Module<Tensor, Tensor> _path;

    /// <summary>A residual block of two dense layers.</summary>
    /// <param name="width">The number of features that come in and go out, at least 1.</param>
    /// <param name="hiddenWidth">The number of hidden units, at least 1.</param>
    /// <param name="dropout">What acts on the hidden units, such as a <see cref="Dropout"/>; null for none.</param>
    /// <param name="path">How the branch is dropped.</param>
    /// <param name="norm">The normalisation.</param>
    /// <param name="activation">The activation; null for GELU.</param>
    public ResidualMlpBlock(
        long width,
        long hiddenWidth,
        nn.Module<Tensor, Tensor>? dropout = null,
        PathOptions path = default,
        NormKind norm = NormKind.LayerNorm,
        nn.Module<Tensor, Tensor>? activation = null)
        : base(nameof(ResidualMlpBlock))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenWidth, 1);
        LibtorchRuntime.EnsureLoaded();
        List<(string, nn.Module<Tensor, Tensor>)> branch =
        [
            ("norm", Norms.Create(norm, width)),
            ("dense1", nn.Linear(width, hiddenWidth)),
            ("activation", activation ?? nn.GELU()),
            ("dense2", nn.Linear(hiddenWidth, width)),
        ];
        if (dropout is not null)
        {
            branch.Insert(3, ("dropout", dropout));
        }

        _path = path.Around(nn.Sequential(branch));
        register_module("path", _path);
    }

    /// <summary>The residual block: a <see cref="StochasticDepth"/>, or a <see cref="Residual"/> where nothing is dropped.</summary>
    public nn.Module<Tensor, Tensor> Path => _path;

    /// <summary>One pass through the block.</summary>
    /// <param name="input">A tensor whose last dimension has the block's width.</param>
    public override Tensor forward(Tensor input) => _path.call(input);
}
