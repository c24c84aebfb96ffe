using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout of attention weights, after the softmax.</summary>
/// <remarks>
/// <para>
/// A mask element a weight, of shape (N, heads, T, S); the kept ones are scaled, so that a row sums to 1 in expectation only. Introduced by the code of Vaswani et al., "Attention is all you need", NIPS 2017, whose text does not name it; Devlin et al., "BERT", NAACL 2019.
/// </para>
/// <para>
/// <see cref="Attend"/> is the whole of scaled dot-product attention with it, and drops in training only: TorchSharp's and PyTorch's function drops whenever its rate is not 0, whatever the mode. Contiguous rows of
/// float32 in the CPU's memory are attended to head by head, with the weights in the processor's caches only: nothing of their size is written or kept.
/// </para>
/// </remarks>
public sealed class AttentionDropout : MaskedModule
{
    /// <summary>A dropout layer for attention weights.</summary>
    /// <param name="dropRate">The probability that a weight is dropped, in [0, 1].</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept weights are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public AttentionDropout(
        double dropRate = 0.1, bool inplace = false, Scaling scaling = Scaling.Inverted, ulong? seed = null, uint site = 0)
        : base(nameof(AttentionDropout), new DropoutSite(dropRate, seed, site), inplace, scaling)
    {
    }

    /// <summary>Scaled dot-product attention: <c>dropout(softmax(q·kᵀ·scale + mask))·v</c>.</summary>
    /// <param name="query">(N, heads, T, E), (N, T, E) or (T, E).</param>
    /// <param name="key">(N, …, S, E).</param>
    /// <param name="value">(N, …, S, V).</param>
    /// <param name="attentionMask">
    /// A bool tensor, true where a query may look at a key, or a floating one that is added to the scores; it broadcasts to (N, …, T, S). Null for none.
    /// </param>
    /// <param name="isCausal">Whether a query looks at keys up to its own position only; not together with a mask.</param>
    /// <param name="scale">What scores are multiplied with; null for 1/√E.</param>
    /// <returns>(N, …, T, V); 0 for a query that may look at no key.</returns>
    /// <exception cref="ArgumentException">An element type or a rank is none that can be taken, or both a mask and <paramref name="isCausal"/> are given.</exception>
    /// <remarks>In evaluation libtorch's own attention is used, with dropout 0, where the scale is the usual one.</remarks>
    public Tensor Attend(
        Tensor query, Tensor key, Tensor value, Tensor? attentionMask = null, bool isCausal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (attentionMask is not null && isCausal)
        {
            throw new ArgumentException("Attention must have a mask or be causal, not both; received both.", nameof(isCausal));
        }

        CheckPart(query, "Query");
        CheckPart(key, "Key");
        CheckPart(value, "Value");
        bool identity = Scaling == Scaling.Inverted || DropRate.KeepsAll;
        if (!Site.IsStochastic && identity && scale is null && query.dim() == 4)
        {
            return nn.functional.scaled_dot_product_attention(query, key, value, attentionMask, 0, isCausal);
        }

        AttentionShape? shape = !Site.IsStochastic || !AttentionNode.IsKnown || ModuleHooks.Has(this) ? null : AttentionShape.Of(query, key, value, scale, isCausal);
        long[] weights = [.. TensorMemory.Shape(query)[..^1], key.size(-2)];
        using DisposeScope scope = NewDisposeScope();
        if (shape is not AttentionShape known || !AttentionBias.Fits(attentionMask, weights))
        {
            return call(AttentionWeights.Of(query, key, attentionMask, isCausal, scale ?? 1 / Math.Sqrt(query.size(-1)))).matmul(value).MoveToOuterDisposeScope();
        }

        SiteDraw draw = Site.Draw();
        if (!IsDrawnByWeight(draw))
        {
            return Run(AttentionWeights.Of(query, key, attentionMask, isCausal, known.Scale), draw).matmul(value).MoveToOuterDisposeScope();
        }

        Note(weights, query.dtype);
        return AttentionNode.Apply(query, key, value, AttentionBias.Of(attentionMask, weights), known, draw.DropRate, KeptScale(draw.DropRate), draw.Stream, FirstElement(draw, weights))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Self-attention of queries, keys and values of all heads that lie side by side, as one operation; null where <see cref="Attend"/> is to do it, and no step was taken.</summary>
    /// <param name="projected">(N, T, 3 · width).</param>
    /// <param name="heads">How many heads share the width.</param>
    /// <param name="isCausal">Whether a token looks at itself and those before it only.</param>
    /// <returns>(N, T, width).</returns>
    internal Tensor? AttendProjected(Tensor projected, long heads, bool isCausal)
    {
        (long rows, long tokens, long width) = (projected.size(0), projected.size(1), projected.size(2) / 3 / heads);
        if (!Site.IsStochastic || !AttentionNode.IsKnown || ModuleHooks.Has(this) || !FusedTensors.IsPlain(projected) || projected.numel() == 0 || Math.Max(tokens, width) > AttentionShape.MostTokens)
        {
            return null;
        }

        var shape = new AttentionShape(rows, heads, (int)tokens, (int)tokens, (int)width, (int)width, 1 / Math.Sqrt(width), isCausal);
        SiteDraw draw = Site.Draw();
        long[] weights = [rows, heads, tokens, tokens];
        if (IsDrawnByWeight(draw))
        {
            Note(weights, projected.dtype);
            return AttentionNode.ApplyProjected(projected, shape, draw.DropRate, KeptScale(draw.DropRate), draw.Stream, FirstElement(draw, weights));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = AttentionNode.Split(projected, heads);
        Tensor dropped = Run(AttentionWeights.Of(parts[0], parts[1], null, isCausal, shape.Scale), draw);
        return dropped.matmul(parts[2]).transpose(1, 2).reshape(rows, tokens, heads * width).MoveToOuterDisposeScope();
    }

    /// <summary>Whether each weight has a draw of its own.</summary>
    private static bool IsDrawnByWeight(SiteDraw draw) => draw is { IsStochastic: true, Mask: null, IsSharedByRows: false };

    private static long FirstElement(SiteDraw draw, long[] weights) =>
        weights.Length > 2 ? checked(draw.FirstRow * weights[1..].Aggregate(1L, static (product, size) => checked(product * size))) : 0;

    private static void CheckPart(Tensor part, string name)
    {
        CheckElementType(part, name);
        if (part.dim() is < 2 or > 4)
        {
            throw new ArgumentException(
                $"{name} of attention must have the shape (N, heads, T, E), (N, T, E) or (T, E); received shape [{string.Join(", ", part.shape)}].");
        }
    }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (input.dim() is < 2 or > 4)
        {
            throw new ArgumentException(
                $"Input of {nameof(AttentionDropout)} must have the shape (N, heads, T, S), (N, T, S) or (T, S); "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    /// <inheritdoc/>
    protected override bool HasRows(long[] inputShape) => inputShape.Length > 2;
}
