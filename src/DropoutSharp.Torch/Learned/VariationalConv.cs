namespace DropoutSharp.Torch;

/// <summary>A convolution with variational dropout, in one to three dimensions.</summary>
public abstract class VariationalConv : VariationalLayer
{
    private protected VariationalConv(
        string name, int dimensions, long inputChannels, long outputChannels, long kernelSize, VariationalOptions options, long stride, long padding,
        long dilation, long groups, bool hasBias, ulong? seed, uint site)
        : base(name, Shape(dimensions, inputChannels, outputChannels, kernelSize, stride, padding, dilation, groups), hasBias, options, seed, site)
    {
        (InputChannels, OutputChannels, KernelSize, Stride, Padding, Dilation, GroupCount) =
            (inputChannels, outputChannels, kernelSize, stride, padding, dilation, groups);
    }

    /// <summary>Channels that come in.</summary>
    public long InputChannels { get; }

    /// <summary>Channels that go out.</summary>
    public long OutputChannels { get; }

    /// <summary>The kernel's size in every dimension.</summary>
    public long KernelSize { get; }

    /// <summary>The stride in every dimension.</summary>
    public long Stride { get; }

    /// <summary>Zeros added at every end.</summary>
    public long Padding { get; }

    /// <summary>The distance of kernel elements in every dimension.</summary>
    public long Dilation { get; }

    /// <summary>How many groups channels are in.</summary>
    public long GroupCount { get; }

    /// <inheritdoc/>
    protected override long Groups => GroupCount;

    internal static long Positive(long value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be at least 1; received {value}."));

    private static long[] Shape(
        int dimensions, long inputChannels, long outputChannels, long kernelSize, long stride, long padding, long dilation, long groups)
    {
        Positive(inputChannels, nameof(inputChannels));
        Positive(outputChannels, nameof(outputChannels));
        Positive(kernelSize, nameof(kernelSize));
        Positive(stride, nameof(stride));
        Positive(dilation, nameof(dilation));
        Positive(groups, nameof(groups));
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (inputChannels % groups != 0 || outputChannels % groups != 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Channels must be divisible by the groups, {groups}; received {inputChannels} and {outputChannels}."), nameof(groups));
        }

        return [outputChannels, inputChannels / groups, .. Enumerable.Repeat(kernelSize, dimensions)];
    }
}
