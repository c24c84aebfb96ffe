using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A convolution over (rows, channels, depth, height, width) with variational dropout.</summary>
public sealed class VariationalConv3d : VariationalConv
{
    /// <summary>A layer.</summary>
    /// <param name="inputChannels">Channels that come in; divisible by the groups.</param>
    /// <param name="outputChannels">Channels that go out; divisible by the groups.</param>
    /// <param name="kernelSize">The kernel's size in every dimension.</param>
    /// <param name="options">What noise it learns.</param>
    /// <param name="stride">The stride in every dimension.</param>
    /// <param name="padding">Zeros added at every end.</param>
    /// <param name="dilation">The distance of kernel elements.</param>
    /// <param name="groups">How many groups channels are in.</param>
    /// <param name="hasBias">Whether there is a bias; it has no noise.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">An option that does not fit, or a size outside its range.</exception>
    public VariationalConv3d(
        long inputChannels, long outputChannels, long kernelSize, VariationalOptions options, long stride = 1, long padding = 0, long dilation = 1,
        long groups = 1, bool hasBias = true, ulong? seed = null, uint site = 0)
        : base(nameof(VariationalConv3d), 3, inputChannels, outputChannels, kernelSize, options, stride, padding, dilation, groups, hasBias, seed, site)
    {
    }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> ToDense() =>
        CopyTo(nn.Conv3d(InputChannels, OutputChannels, KernelSize, Stride, Padding, Dilation, groups: Groups, bias: Bias is not null));

    /// <inheritdoc/>
    protected override Tensor Operate(Tensor input, Tensor weight, Tensor? bias) =>
        nn.functional.conv3d(input, weight, bias, [Stride, Stride, Stride], [Padding, Padding, Padding], [Dilation, Dilation, Dilation], Groups);
}
