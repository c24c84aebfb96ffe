using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Multi-head self-attention with dropout of its weights in training.</summary>
/// <remarks>Vaswani et al., "Attention is all you need", NIPS 2017.</remarks>
public sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly bool _isCausal;

    [ComponentName(Name = "projection")]
    private readonly nn.Module<Tensor, Tensor> _projection;

    [ComponentName(Name = "dropout")]
    private readonly AttentionDropout _dropout;

    [ComponentName(Name = "output")]
    private readonly nn.Module<Tensor, Tensor> _output;

    /// <summary>A self-attention layer.</summary>
    /// <param name="width">The number of features, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads, at least 1.</param>
    /// <param name="dropout">What drops attention weights; null for none.</param>
    /// <param name="isCausal">Whether a token looks at itself and those before it only.</param>
    /// <exception cref="ArgumentException">The width is no multiple of the number of heads.</exception>
    public SelfAttention(long width, int heads, AttentionDropout? dropout = null, bool isCausal = false)
        : base(nameof(SelfAttention))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (width % heads != 0)
        {
            throw new ArgumentException($"Width must be a multiple of the {heads} heads; received {width}.", nameof(width));
        }

        LibtorchRuntime.EnsureLoaded();
        (_heads, _isCausal) = (heads, isCausal);
        _projection = nn.Linear(width, 3 * width);
        _dropout = dropout ?? new AttentionDropout(0, seed: 0);
        _output = nn.Linear(width, width);
        register_module("projection", _projection);
        if (dropout is not null)
        {
            register_module("dropout", _dropout);
        }

        register_module("output", _output);
        if (dropout is null)
        {
            _dropout.eval();
        }
    }

    /// <summary>One pass through the layer.</summary>
    /// <param name="input">(N, T, width).</param>
    /// <returns>(N, T, width).</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using DisposeScope scope = NewDisposeScope();
        return _output.call(Attend(_projection.call(input))).MoveToOuterDisposeScope();
    }

    /// <summary>What makes queries, keys and values.</summary>
    internal nn.Module<Tensor, Tensor> Projection => _projection;

    /// <summary>What the heads' results go through.</summary>
    internal nn.Module<Tensor, Tensor> Output => _output;

    /// <summary>The attention between the two projections.</summary>
    /// <param name="projected">Queries, keys and values of all heads: (N, T, 3 · width).</param>
    /// <returns>(N, T, width).</returns>
    internal Tensor Attend(Tensor projected)
    {
        if (_dropout.AttendProjected(projected, _heads, _isCausal) is Tensor fused)
        {
            return fused;
        }

        using DisposeScope scope = NewDisposeScope();
        (long rows, long tokens, long width) = (projected.size(0), projected.size(1), projected.size(2) / 3);
        Tensor[] parts = AttentionNode.Split(projected, _heads);
        Tensor attended = _dropout.Attend(parts[0], parts[1], parts[2], isCausal: _isCausal);
        return attended.transpose(1, 2).reshape(rows, tokens, width).MoveToOuterDisposeScope();
    }
}
