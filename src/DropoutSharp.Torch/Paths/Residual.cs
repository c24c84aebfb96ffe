using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual block that is never dropped: <c>y = shortcut(x) + branch(x)</c>.</summary>
/// <remarks>
/// The plain counterpart of <see cref="StochasticDepth"/>, with the same names of its children, so that weights move from the one to the other. He, Zhang, Ren and Sun, "Deep
/// residual learning for image recognition", CVPR 2016.
/// </remarks>
public sealed class Residual : nn.Module<Tensor, Tensor>
{
    private const string BranchName = "branch";
    private const string ShortcutName = "shortcut";

    [ComponentName(Name = BranchName)]
    private readonly nn.Module<Tensor, Tensor> _branch;

    [ComponentName(Name = ShortcutName)]
    private readonly nn.Module<Tensor, Tensor>? _shortcut;

    /// <summary>A residual block of a branch.</summary>
    /// <param name="branch">What is added; the block owns it, as its child <c>branch</c>.</param>
    /// <param name="shortcut">What the input becomes before the branch is added, where shapes differ; null for the input itself.</param>
    public Residual(nn.Module<Tensor, Tensor> branch, nn.Module<Tensor, Tensor>? shortcut = null)
        : base(nameof(Residual))
    {
        ArgumentNullException.ThrowIfNull(branch);
        (_branch, _shortcut) = (branch, shortcut);
        register_module(BranchName, branch);
        if (shortcut is not null)
        {
            register_module(ShortcutName, shortcut);
        }
    }

    /// <summary>What is added.</summary>
    public nn.Module<Tensor, Tensor> Branch => _branch;

    /// <summary>What the input becomes before the branch is added; null for the input itself.</summary>
    public nn.Module<Tensor, Tensor>? Shortcut => _shortcut;

    /// <summary>One pass through the block.</summary>
    /// <param name="input">What branch and shortcut take.</param>
    /// <remarks>A branch that is a <c>Sequential</c> runs as <see cref="FusedLayers.Run"/> runs its layers, and a last <see cref="Dropout"/> of it together with the sum.</remarks>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using DisposeScope scope = NewDisposeScope();
        return FusedChain.CallAndAdd(_branch, input, _shortcut is null ? input : _shortcut.call(input)).MoveToOuterDisposeScope();
    }
}
