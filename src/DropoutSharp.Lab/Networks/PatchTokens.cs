using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>An image as tokens: square patches, each projected, with a learned number for every position. Edges that do not fill a patch are filled with zeros.</summary>
internal sealed class PatchTokens : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _projection;
    private readonly long[] _padding;

    public PatchTokens(int channels, int height, int width, int patch, int features)
        : base(nameof(PatchTokens))
    {
        int right = (patch - (width % patch)) % patch, below = (patch - (height % patch)) % patch;
        _padding = [0, right, 0, below];
        Count = (height + below) / patch * ((width + right) / patch);
        _projection = nn.Conv2d(channels, features, patch, stride: patch);
        register_module("projection", _projection);
        register_parameter("position", new Parameter(zeros(Count, features)));
    }

    /// <summary>The number of tokens.</summary>
    public int Count { get; }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor padded = _padding.All(static size => size == 0) ? input : nn.functional.pad(input, _padding);
        return _projection.call(padded).flatten(2).transpose(1, 2).Plus(get_parameter("position")!).MoveToOuterDisposeScope(); // registered above
    }
}
