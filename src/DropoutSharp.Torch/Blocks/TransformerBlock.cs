using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A pre-norm transformer block: <c>x + path(attention(norm(x)))</c>, then <c>x + path(feedForward(norm(x)))</c>.</summary>
/// <remarks>
/// Pre-norm after Xiong et al., "On layer normalization in the transformer architecture", ICML 2020; rates to start with in <see cref="RatePresets"/>, over the depth in <see cref="DepthRates"/>.
/// </remarks>
public sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly nn.Module<Tensor, Tensor> _attention;

    [ComponentName(Name = "feed_forward")]
    private readonly nn.Module<Tensor, Tensor> _feedForward;

    /// <summary>A transformer block.</summary>
    /// <param name="width">The number of features of a token, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of attention heads, at least 1.</param>
    /// <param name="hiddenWidth">The number of hidden units of the feed-forward part, at least 1; usually four times the width.</param>
    /// <param name="options">Where it drops, and how it normalises; null for no dropout and LayerNorm.</param>
    /// <exception cref="ArgumentException">The width is no multiple of the number of heads.</exception>
    public TransformerBlock(long width, int heads, long hiddenWidth, TransformerBlockOptions? options = null)
        : base(nameof(TransformerBlock))
    {
        options ??= new TransformerBlockOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenWidth, 1);
        List<(string, nn.Module<Tensor, Tensor>)> attention =
        [
            ("norm", Norms.Create(options.Norm, width)),
            ("attention", new SelfAttention(width, heads, options.AttentionDropout, options.IsCausal)),
        ];
        List<(string, nn.Module<Tensor, Tensor>)> feedForward =
        [
            ("norm", Norms.Create(options.Norm, width)),
            ("dense1", nn.Linear(width, hiddenWidth)),
            ("activation", options.Activation ?? nn.GELU()),
        ];
        Add(feedForward, "hidden_dropout", options.HiddenDropout);
        feedForward.Add(("dense2", nn.Linear(hiddenWidth, width)));
        Add(attention, "dropout", options.AttentionOutputDropout);
        Add(feedForward, "dropout", options.OutputDropout);
        _attention = options.Path.Around(nn.Sequential(attention), 0);
        _feedForward = options.Path.Around(nn.Sequential(feedForward), 1);
        register_module("attention", _attention);
        register_module("feed_forward", _feedForward);
    }

    /// <summary>The residual block of the attention.</summary>
    public nn.Module<Tensor, Tensor> Attention => _attention;

    /// <summary>The residual block of the feed-forward part.</summary>
    public nn.Module<Tensor, Tensor> FeedForward => _feedForward;

    /// <summary>One pass through the block.</summary>
    /// <param name="input">(N, T, width).</param>
    /// <returns>(N, T, width).</returns>
    public override Tensor forward(Tensor input)
    {
        using Tensor attended = _attention.call(input);
        return _feedForward.call(attended);
    }

    private static void Add(List<(string, nn.Module<Tensor, Tensor>)> branch, string name, nn.Module<Tensor, Tensor>? module)
    {
        if (module is not null)
        {
            branch.Add((name, module));
        }
    }
}
