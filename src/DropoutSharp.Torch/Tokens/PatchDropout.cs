using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Keeps a random subset of a sequence's tokens in training, so that a transformer's later layers have less to compute.</summary>
/// <remarks>
/// <para>
/// Of T tokens (the protected prefix apart) exactly <c>max(1, ⌊T·p⌋)</c> are kept in each row, every subset of that size being equally likely, in their old order; nothing is scaled. The output is
/// shorter than the input: (N, prefix + kept, F). In evaluation all tokens pass. Position embeddings are added before it. Liu, Matsoukas, Strand, Azizpour and Smith, "PatchDropout: economizing
/// vision transformers using patch dropout", WACV 2023 (2022 as a preprint).
/// </para>
/// <para><c>⌊T·p⌋</c> is taken of the rate as written: 100 tokens at rate 0.9 keep 10, where timm, which rounds 1 − 0.9 first, keeps 9.</para>
/// </remarks>
public sealed class PatchDropout : DropoutModule
{
    /// <summary>A layer that drops tokens.</summary>
    /// <param name="dropRate">The share of tokens that is dropped, in [0, 1].</param>
    /// <param name="prefixTokens">How many tokens at the front are always kept: class and register tokens.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the prefix is negative.</exception>
    public PatchDropout(double dropRate = 0.5, int prefixTokens = 1, ulong? seed = null, uint site = 0)
        : base(nameof(PatchDropout), new DropoutSite(dropRate, seed, site))
    {
        if (prefixTokens < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(prefixTokens), prefixTokens, $"Prefix tokens must be 0 or more; received {prefixTokens}.");
        }

        PrefixTokens = prefixTokens;
    }

    /// <summary>How many tokens at the front are always kept.</summary>
    public int PrefixTokens { get; }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (input.dim() != 3 || input.size(1) < PrefixTokens)
        {
            throw new ArgumentException(
                $"Input of {nameof(PatchDropout)} must have the shape (N, T, F) with at least {PrefixTokens} tokens; "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, SiteDraw draw)
    {
        if (draw.DropRate.KeepsAll && draw.Mask is null)
        {
            return input.alias();
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor indices = (draw.Mask is Tensor given ? IndicesOf(given, input) : Indices(draw, TensorMemory.Shape(input))).to(input.device);
        return input.take_along_dim(indices.unsqueeze(-1), 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>A bool tensor of shape (N, T), true where a token was kept.</remarks>
    protected override Tensor DrawMask(SiteDraw draw, long[] inputShape)
    {
        using Tensor indices = Indices(draw, inputShape);
        Tensor mask = zeros([inputShape[0], inputShape[1]], ScalarType.Bool, CPU);
        return mask.scatter_(1, indices, tensor(true).expand_as(indices));
    }

    private Tensor Indices(SiteDraw draw, long[] shape)
    {
        int tokens = checked((int)shape[1]) - PrefixTokens, count = KeptTokens.Count(tokens, draw.DropRate);
        long rows = draw.IsSharedByRows ? Math.Min(1, shape[0]) : shape[0];
        long[] kept = new long[rows * (PrefixTokens + count)];
        for (long row = 0; row < rows; row++)
        {
            Span<long> positions = kept.AsSpan(checked((int)(row * (PrefixTokens + count))), PrefixTokens + count);
            KeptTokens.Choose(draw.Stream, (draw.FirstRow + row) * tokens, tokens, positions[PrefixTokens..]);
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = i < PrefixTokens ? i : positions[i] + PrefixTokens;
            }
        }

        using Tensor flat = tensor(kept);
        using Tensor table = flat.reshape(rows, PrefixTokens + count);
        return draw.IsSharedByRows ? table.expand(shape[0], -1).contiguous() : table.alias();
    }

    private static Tensor IndicesOf(Tensor mask, Tensor input)
    {
        long rows = input.size(0), tokens = input.size(1);
        bool fits = mask.dtype == ScalarType.Bool && mask.dim() == 2 && mask.size(1) == tokens && (mask.size(0) == rows || mask.size(0) == 1);
        if (!fits)
        {
            throw new ArgumentException(
                $"Mask must be a bool tensor of shape [{rows}, {tokens}] or [1, {tokens}]; received {mask.dtype} of shape [{string.Join(", ", mask.shape)}].",
                nameof(mask));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor kept = mask.cpu().expand(rows, tokens).sum(1);
        if (rows > 0 && kept.min().item<long>() != kept.max().item<long>())
        {
            throw new ArgumentException("Mask must keep as many tokens in each row as in the others; received different numbers.", nameof(mask));
        }

        Tensor positions = mask.cpu().expand(rows, tokens).nonzero().select(1, 1);
        return positions.reshape(rows, rows == 0 ? 0 : positions.size(0) / rows).MoveToOuterDisposeScope();
    }
}
