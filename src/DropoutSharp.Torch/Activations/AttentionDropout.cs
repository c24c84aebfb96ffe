using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout of attention weights, after the softmax.</summary>
/// <remarks>
/// <para>
/// A mask element a weight, of shape (N, heads, T, S); the kept ones are scaled, so that a row sums to 1 in expectation only. Introduced by the code of Vaswani et al., "Attention is all you need", NIPS 2017, whose text does not name it; Devlin et al., "BERT", NAACL 2019.
/// </para>
/// <para>
/// <see cref="Attend"/> is the whole of scaled dot-product attention with it, and drops in training only: TorchSharp's and PyTorch's function drops whenever its rate is not 0, whatever the mode.
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

        using DisposeScope scope = NewDisposeScope();
        using Scalar never = double.NegativeInfinity;
        Tensor scores = query.matmul(key.transpose(-2, -1)).Times(scale ?? 1 / Math.Sqrt(query.shape[^1]));
        if (isCausal)
        {
            Tensor later = ones([query.shape[^2], key.shape[^2]], ScalarType.Bool, query.device).triu(1);
            scores = scores.masked_fill(later, never);
        }
        else if (attentionMask is not null)
        {
            scores = attentionMask.dtype == ScalarType.Bool
                ? scores.masked_fill(attentionMask.logical_not(), never)
                : scores.Plus(attentionMask);
        }

        return call(Softmax(scores, attentionMask)).matmul(value).MoveToOuterDisposeScope();
    }

    /// <summary>The weights of attention; a query that may look at no key has weights of 0, as in libtorch's own attention.</summary>
    private static Tensor Softmax(Tensor scores, Tensor? attentionMask)
    {
        if (attentionMask is null)
        {
            return scores.softmax(-1);
        }

        using Scalar zero = 0.0;
        Tensor sees = attentionMask.dtype == ScalarType.Bool ? attentionMask : attentionMask.isneginf().logical_not_();
        Tensor blind = sees.any(-1, keepdim: true).logical_not_();

        // Asking would make another device wait.
        return scores.device_type == DeviceType.CPU && !blind.any().item<bool>()
            ? scores.softmax(-1)
            : scores.masked_fill(blind, zero).softmax(-1).masked_fill(blind, zero);
    }

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
