using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Attention with dropout of its weights as one operation. For the backward pass it keeps what goes in and what comes out, and two numbers a query.</summary>
internal sealed unsafe class AttentionNode : INodeBackward
{
    private readonly AttentionShape _shape;
    private readonly DropRate _dropRate;
    private readonly double _scale;
    private readonly MaskStream _stream;
    private readonly long _firstElement;
    private readonly long _projectedHeads;
    private readonly Tensor? _bias;
    private readonly float[] _rows;
    private bool[] _needsGradient = [];
    private SavedTensor[] _inputs = [];
    private SavedTensor? _output;

    private AttentionNode(AttentionShape shape, long projectedHeads, Tensor? bias, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        (_shape, _projectedHeads, _bias) = (shape, projectedHeads, bias);
        (_dropRate, _scale, _stream, _firstElement) = (dropRate, scale, stream, firstElement);
        _rows = ArrayPool<float>.Shared.Rent(checked((int)(2 * shape.Rows * shape.Heads * shape.Queries)));
    }

    /// <summary>Whether the native functions that it is made of are known.</summary>
    public static bool IsKnown => NativeAutograd.IsKnown && !NoiseFunction.t_usePublicInterface && MatrixProduct.IsKnown;

    /// <summary>Attention of queries, keys and values.</summary>
    /// <param name="query">(N, heads, T, E), (N, T, E) or (T, E), of a shape that <see cref="AttentionShape.Of"/> takes.</param>
    /// <param name="key">(N, …, S, E).</param>
    /// <param name="value">(N, …, S, V).</param>
    /// <param name="bias">What is added to the scores, of <see cref="AttentionBias"/>; null for nothing.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="dropRate">The probability that a weight is dropped.</param>
    /// <param name="scale">What kept weights are multiplied with.</param>
    /// <param name="stream">The mask's position.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first weight.</param>
    /// <returns>(N, …, T, V).</returns>
    public static Tensor Apply(
        Tensor query, Tensor key, Tensor value, Tensor? bias, AttentionShape shape, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = [Matrices(query), Matrices(key), Matrices(value)];
        var node = new AttentionNode(shape, 0, bias?.DetachFromDisposeScope(), dropRate, scale, stream, firstElement);
        Tensor output = NewResult(query.dim(), shape);
        return node.Run(parts, output).MoveToOuterDisposeScope();
    }

    /// <summary>Self-attention of queries, keys and values that lie side by side.</summary>
    /// <param name="projected">A contiguous float32 tensor (N, T, 3 · width) on the CPU.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="dropRate">The probability that a weight is dropped.</param>
    /// <param name="scale">What kept weights are multiplied with.</param>
    /// <param name="stream">The mask's position.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first weight.</param>
    /// <returns>(N, T, width).</returns>
    public static Tensor ApplyProjected(Tensor projected, AttentionShape shape, DropRate dropRate, double scale, MaskStream stream, long firstElement)
    {
        var node = new AttentionNode(shape, shape.Heads, null, dropRate, scale, stream, firstElement);
        return node.Run([projected], empty([shape.Rows, shape.Queries, shape.Heads * shape.ValueWidth], ScalarType.Float32, CPU));
    }

    /// <inheritdoc/>
    public void Gradients(Tensor gradient, Span<Tensor?> gradients)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] inputs = Array.ConvertAll(_inputs, static saved => saved.Unpack());
        using Tensor output = _output!.Unpack(); // kept with the inputs
        Tensor[] results = is_grad_enabled() ? Differentiable(inputs, gradient) : Plain(inputs, output, gradient);
        for (int i = 0; i < results.Length; i++)
        {
            gradients[i] = _needsGradient[i] ? results[i].DetachFromDisposeScope() : null;
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        foreach (SavedTensor saved in _inputs)
        {
            saved.Release();
        }

        _output?.Release();
        _bias?.Dispose();
        ArrayPool<float>.Shared.Return(_rows);
    }

    private AttentionKernel Kernel => new(_shape, _dropRate, _scale, _stream, _firstElement) { HasBias = _bias is not null, Bias = _bias is null ? default : Heads.In(_bias) };

    private int Queries => (int)(_shape.Rows * _shape.Heads * _shape.Queries);

    private Tensor Run(Tensor[] inputs, Tensor output)
    {
        fixed (float* rows = _rows)
        {
            Kernel.Forward(In(inputs, 0), In(inputs, 1), In(inputs, 2), InResult(output), rows, rows + Queries);
        }

        GC.KeepAlive(inputs);
        if (!is_grad_enabled() || !Array.Exists(inputs, static input => input.requires_grad))
        {
            Release();
            return output;
        }

        return NoiseNode.Wrap(this, inputs, output, save: (node, result) =>
        {
            _needsGradient = Array.ConvertAll(inputs, static input => input.requires_grad);
            _inputs = Array.ConvertAll(inputs, input => new SavedTensor(input, node));
            _output = new SavedTensor(result, node);
        });
    }

    private Tensor[] Plain(Tensor[] inputs, Tensor output, Tensor gradient)
    {
        Tensor upstream = _projectedHeads > 0 ? gradient.contiguous() : Matrices(gradient);
        Tensor[] results = Array.ConvertAll(inputs, static input => empty(TensorMemory.Shape(input), ScalarType.Float32, CPU));
        fixed (float* rows = _rows)
        {
            Kernel.Backward(
                In(inputs, 0), In(inputs, 1), In(inputs, 2), InResult(output), InResult(upstream), In(results, 0), In(results, 1), In(results, 2), rows, rows + Queries);
        }

        GC.KeepAlive(upstream);
        GC.KeepAlive(inputs);
        return results;
    }

    /// <summary>The same by operations that autograd knows, for a graph of the gradients.</summary>
    private Tensor[] Differentiable(Tensor[] inputs, Tensor gradient)
    {
        Tensor[] parts = _projectedHeads > 0 ? Split(inputs[0], _projectedHeads) : inputs;
        (Tensor query, Tensor key, Tensor value) = (parts[0], parts[1], parts[2]);
        Tensor upstream = _projectedHeads > 0 ? gradient.reshape(_shape.Rows, _shape.Queries, _shape.Heads, _shape.ValueWidth).transpose(1, 2) : gradient;
        Tensor weights = AttentionWeights.Of(query, key, _bias, _shape.IsCausal, _shape.Scale);
        var noise = new MaskedNoise(_stream, _dropRate, new MaskLaw(_scale), firstElement: _firstElement);
        Tensor ofValue = NoiseFunction.Apply(noise, weights).transpose(-2, -1).matmul(upstream);
        Tensor ofWeights = NoiseFunction.Apply(noise, upstream.matmul(value.transpose(-2, -1)));
        Tensor ofScores = (weights * (ofWeights - (ofWeights * weights).sum(-1, keepdim: true))).Times(_shape.Scale);
        Tensor ofQuery = ofScores.matmul(key), ofKey = ofScores.transpose(-2, -1).matmul(query);
        return _projectedHeads > 0
            ? [stack([ofQuery, ofKey, ofValue], 0).permute(1, 3, 0, 2, 4).reshape(inputs[0].shape)]
            : [ofQuery, ofKey, ofValue];
    }

    /// <summary>Queries, keys and values of shape (N, heads, T, E), as views.</summary>
    internal static Tensor[] Split(Tensor projected, long heads)
    {
        (long rows, long tokens, long width) = (projected.size(0), projected.size(1), projected.size(2) / 3);
        return projected.reshape(rows, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind(0);
    }

    private Heads In(Tensor[] tensors, int part) => _projectedHeads > 0 ? Heads.Projected(tensors[0], part, _projectedHeads) : Heads.In(tensors[part]);

    private Heads InResult(Tensor result) =>
        _projectedHeads > 0
            ? new Heads(FusedTensors.Elements(result), _shape.Queries * _shape.Heads * _shape.ValueWidth, _shape.ValueWidth, _shape.Heads * _shape.ValueWidth)
            : Heads.In(result);

    private static Tensor Matrices(Tensor tensor) => Heads.AreMatrices(tensor) ? tensor : tensor.contiguous();

    /// <summary>A result whose heads lie side by side within a token, as the layer behind it wants them.</summary>
    private static Tensor NewResult(long rank, AttentionShape shape)
    {
        long width = shape.ValueWidth, token = shape.Heads * width;
        return rank switch
        {
            2 => empty([shape.Queries, width], ScalarType.Float32, CPU),
            3 => empty([shape.Rows, shape.Queries, width], ScalarType.Float32, CPU),
            _ => empty_strided([shape.Rows, shape.Heads, shape.Queries, width], [shape.Queries * token, width, token, 1], ScalarType.Float32, CPU),
        };
    }
}
