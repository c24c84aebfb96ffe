using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>An embedding of which whole rows are dropped in training: a word is dropped wherever it occurs in the batch.</summary>
/// <remarks>
/// <para>
/// A mask of shape (V, 1) on the table, one a forward pass; <c>y = E[token]·m[token]/p</c>. Only the rows that are looked up are touched. In evaluation the embedding itself. Gal and Ghahramani, "A theoretically
/// grounded application of dropout in recurrent neural networks", NIPS 2016; Merity, Keskar and Socher, ICLR 2018.
/// </para>
/// </remarks>
public sealed class EmbeddingDropout : nn.Module<Tensor, Tensor>, IMaskedSites
{
    private const string EmbeddingName = "embedding";
    private const string SiteName = "site";

    [ComponentName(Name = EmbeddingName)]
    private readonly Embedding _embedding;

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private readonly long _words;

    /// <summary>Dropout around an embedding.</summary>
    /// <param name="embedding">The embedding; the module owns it, as its child <c>embedding</c>.</param>
    /// <param name="dropRate">The probability that a row is dropped, in [0, 1].</param>
    /// <param name="scaling">When kept rows are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the scaling is none of its enumeration's.</exception>
    public EmbeddingDropout(
        Embedding embedding, double dropRate = 0.1, Scaling scaling = Scaling.Inverted, ulong? seed = null, uint site = 0)
        : base(nameof(EmbeddingDropout))
    {
        ArgumentNullException.ThrowIfNull(embedding);
        _embedding = embedding;
        _site = new DropoutSite(dropRate, seed, site);
        Scaling = scaling.Checked();
        register_module(EmbeddingName, embedding);
        register_module(SiteName, _site);
        _words = embedding.get_parameter("weight")!.shape[0]; // every embedding has one
    }

    /// <summary>When kept rows are scaled.</summary>
    public Scaling Scaling { get; }

    /// <summary>The embedding whose rows are dropped.</summary>
    public Embedding Embedding => _embedding;

    /// <summary>Where the module draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The probability that a row is dropped, in [0, 1]; may be changed between steps.</summary>
    public DropRate DropRate
    {
        get => _site.DropRate;
        set => _site.DropRate = value;
    }

    /// <summary>The position of the next draw in training; set it to draw the same masks again.</summary>
    public MaskStream Position
    {
        get => _site.Position;
        set => _site.Position = value;
    }

    /// <summary>The mask of the latest stochastic pass as a new bool tensor of shape (V, 1) on the CPU, true where a row was kept; null before the first.</summary>
    public Tensor? CurrentMask => _site.LatestMask(Mask);

    /// <summary>Looks up the rows of tokens.</summary>
    /// <param name="tokens">An int32 or int64 tensor of any shape, with values in [0, V).</param>
    /// <returns>A tensor of that shape with one more dimension of the embedding's size.</returns>
    /// <exception cref="ArgumentException">The tokens are no integers, or a given mask does not fit.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A token is outside [0, V): libtorch's own error, as of the embedding alone.</exception>
    public override Tensor forward(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.dtype is not (ScalarType.Int32 or ScalarType.Int64))
        {
            throw new ArgumentException($"Tokens must be an int32 or int64 tensor; received {tokens.dtype}.", nameof(tokens));
        }

        SiteDraw draw = _site.Draw();
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = _embedding.call(tokens);
        if (!draw.IsStochastic)
        {
            rows = Scaling == Scaling.Inverted || DropRate.KeepsAll ? rows : rows.Times(DropRate.KeepProbability);
        }
        else if (draw.Mask is not null || !draw.DropRate.KeepsAll)
        {
            using Tensor mask = draw.Mask?.alias() ?? Mask(draw);
            if (mask.dtype != ScalarType.Bool || mask.numel() != _words)
            {
                throw new ArgumentException(
                    $"Mask must be a bool tensor of shape [{_words}, 1]; received {mask.dtype} of shape [{string.Join(", ", mask.shape)}].");
            }

            Tensor kept = mask.reshape(_words).to(tokens.device)[tokens.to(ScalarType.Int64)].unsqueeze(-1);
            rows = MaskSelection.Apply(kept, rows, new MaskLaw(Scaling == Scaling.Inverted ? draw.DropRate.InvertedScale : 1));
        }

        return rows.MoveToOuterDisposeScope();
    }

    private Tensor Mask(SiteDraw draw) => MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, [_words, 1], 0, CPU);

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
