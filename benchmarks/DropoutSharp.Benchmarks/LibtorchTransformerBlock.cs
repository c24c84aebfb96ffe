using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>A transformer block as <see cref="TransformerBlock"/> is, with libtorch's dropout at its three sites and of its attention weights.</summary>
internal static class LibtorchTransformerBlock
{
    /// <summary>The block.</summary>
    /// <param name="width">The number of features of a token.</param>
    /// <param name="heads">The number of attention heads.</param>
    /// <param name="hiddenWidth">The number of hidden units of the feed-forward part.</param>
    /// <param name="dropRate">The drop rate.</param>
    public static nn.Module<Tensor, Tensor> Create(long width, int heads, long hiddenWidth, double dropRate) => nn.Sequential(
        new Residual(nn.Sequential(nn.LayerNorm(width), new Attention(width, heads, dropRate), nn.Dropout(dropRate))),
        new Residual(nn.Sequential(nn.LayerNorm(width), nn.Linear(width, hiddenWidth), nn.GELU(), nn.Dropout(dropRate), nn.Linear(hiddenWidth, width), nn.Dropout(dropRate))));

    private sealed class Attention : nn.Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly double _dropRate;
        private readonly nn.Module<Tensor, Tensor> _projection;
        private readonly nn.Module<Tensor, Tensor> _output;

        public Attention(long width, int heads, double dropRate)
            : base(nameof(Attention))
        {
            (_heads, _dropRate) = (heads, dropRate);
            register_module("projection", _projection = nn.Linear(width, 3 * width));
            register_module("output", _output = nn.Linear(width, width));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            (long rows, long tokens, long width) = (input.size(0), input.size(1), input.size(2));
            Tensor[] parts = _projection.call(input).reshape(rows, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
            Tensor attended = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], null, _dropRate, false);
            return _output.call(attended.transpose(1, 2).reshape(rows, tokens, width)).MoveToOuterDisposeScope();
        }
    }
}
