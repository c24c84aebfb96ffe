using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer with variational dropout: <c>y = xWᵀ + b</c> with learned Gaussian noise on W.</summary>
public sealed class VariationalLinear : VariationalLayer
{
    private readonly long _inputs;
    private readonly long _outputs;

    /// <summary>A layer.</summary>
    /// <param name="inputs">The width of the input's last dimension; at least 1.</param>
    /// <param name="outputs">The width of the output's last dimension; at least 1.</param>
    /// <param name="options">What noise it learns.</param>
    /// <param name="hasBias">Whether there is a bias; it has no noise.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">An option that does not fit, or a width below 1.</exception>
    public VariationalLinear(long inputs, long outputs, VariationalOptions options, bool hasBias = true, ulong? seed = null, uint site = 0)
        : base(nameof(VariationalLinear), [VariationalConv.Positive(outputs, nameof(outputs)), VariationalConv.Positive(inputs, nameof(inputs))], hasBias, options, seed, site) =>
        (_inputs, _outputs) = (inputs, outputs);

    /// <summary>A sparse layer.</summary>
    /// <param name="inputs">The width of the input's last dimension; at least 1.</param>
    /// <param name="outputs">The width of the output's last dimension; at least 1.</param>
    public VariationalLinear(long inputs, long outputs)
        : this(inputs, outputs, new VariationalOptions())
    {
    }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> ToDense() => CopyTo(nn.Linear(_inputs, _outputs, Bias is not null));

    /// <inheritdoc/>
    protected override Tensor Operate(Tensor input, Tensor weight, Tensor? bias) => nn.functional.linear(input, weight, bias);
}
