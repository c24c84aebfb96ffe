using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout of contiguous regions of feature maps: what its one-, two- and three-dimensional forms share.</summary>
/// <remarks>
/// <para>
/// Seeds fall on the cells of a map and each drops the block around it. The seeds' probability is solved so that the mean cell is dropped with exactly the given rate, for every map size and
/// block size, even ones too (<see cref="BlockMask"/>); cells near the border are kept a little more often than those in the middle. Ghiasi, Lin and Le, "DropBlock: a regularization
/// method for convolutional networks", NeurIPS 2018.
/// </para>
/// <para>
/// In training <c>y = x·m/p</c>. The paper divides by the share of cells that this very mask kept instead, as torchvision does: <see cref="ScaleByKeptShare"/>. In evaluation the
/// identity. timm's <c>with_noise</c> fills dropped cells with normal numbers: <see cref="DropBlockOptions.FillWithNoise"/>. Masks are drawn for each channel as in the paper, or shared by the
/// channels of a sample (<see cref="DropBlockOptions.ShareChannels"/>) or by the samples of a batch (<see cref="DropBlockOptions.ShareSamples"/>).
/// </para>
/// </remarks>
public abstract class DropBlock : DropoutModule
{
    private readonly int _axes;
    private readonly int[] _blockSize;

    private protected DropBlock(string name, int axes, double dropRate, ReadOnlySpan<int> blockSize, DropBlockOptions options, ulong? seed, uint site)
        : base(name, new DropoutSite(dropRate, seed, site))
    {
        _ = options.Scaling.Checked(name: nameof(options));
        if (options is { ScaleByKeptShare: true, Scaling: Scaling.AtInference })
        {
            throw new ArgumentException("Scaling by the kept share belongs to Scaling.Inverted; received Scaling.AtInference.", nameof(options));
        }

        if (options is { FillWithNoise: true } and ({ ScaleByKeptShare: true } or { Scaling: Scaling.AtInference }))
        {
            throw new ArgumentException("Cells that are filled with noise leave the others unscaled: neither ScaleByKeptShare nor Scaling.AtInference fits FillWithNoise.", nameof(options));
        }

        _axes = axes;
        _blockSize = blockSize.ToArray();
        Options = options;
        _ = new BlockMask(new int[axes], _blockSize, dropRate); // refuses bad block sizes now, not in the first step
    }

    /// <summary>The blocks' size along each axis, or one number for all.</summary>
    public IReadOnlyList<int> BlockSize => _blockSize;

    /// <summary>Layout, sharing and scale.</summary>
    public DropBlockOptions Options { get; }

    /// <summary>Whether kept cells are divided by the share that the step's masks kept, instead of by the keep probability.</summary>
    public bool ScaleByKeptShare => Options.ScaleByKeptShare;

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input) => MapShape.Check(input, _axes, Options.ChannelsLast, GetName());

    /// <inheritdoc/>
    protected override Tensor Evaluate(Tensor input) =>
        Options.Scaling == Scaling.Inverted || DropRate.KeepsAll ? input.alias() : input.Times(DropRate.KeepProbability);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, SiteDraw draw)
    {
        double scale = Options is { Scaling: Scaling.Inverted, FillWithNoise: false } ? draw.DropRate.InvertedScale : 1;
        if (draw.Mask is Tensor given)
        {
            if (Options.FillWithNoise)
            {
                return Fill(given, input);
            }

            return GivenMask.Apply(given, input, new MaskLaw(ScaleByKeptShare ? KeptScale(given) : scale), Options.Inplace);
        }

        if (draw.DropRate.KeepsAll)
        {
            return input.alias();
        }

        (BlockMask mask, BlockLayout layout, long[] shape, long firstMap) = Plan(draw, TensorMemory.Shape(input));
        if (ScaleByKeptShare)
        {
            long maps = shape.Aggregate(1L, static (product, size) => product * size) / Math.Max(1, mask.Cells);
            long kept = mask.CountKept(draw.Stream, maps, firstMap);
            scale = kept == 0 ? 0 : (double)maps * mask.Cells / kept;
        }

        var noise = new BlockNoise(draw.Stream, mask, layout, new MaskLaw(scale), shape, firstMap);
        if (!Options.FillWithNoise)
        {
            return NoiseFunction.Apply(noise, input, Options.Inplace);
        }

        bool batched = input.dim() == _axes + 2;
        long firstElement = batched ? checked(draw.FirstRow * (input.numel() / Math.Max(1, input.size(0)))) : 0;
        return NoiseFunction.Apply(new FilledBlockNoise(noise, draw.Stream, firstElement, batched && IsSharedByRows(draw)), input, Options.Inplace);
    }

    /// <summary>A mask that was given says nothing of the noise: it is that of the latest step in training, so that this step's own mask gives what it gave.</summary>
    private Tensor Fill(Tensor given, Tensor input)
    {
        GivenMask.Check(given, input);
        using Tensor there = given.to(input.device);
        bool isShared = Options.ShareSamples && input.dim() == _axes + 2;
        Tensor filled = NormalFill.Apply(there, input, Position with { Step = unchecked(Position.Step - 1) }, firstElement: 0, isShared);
        if (!Options.Inplace)
        {
            return filled;
        }

        using (filled)
        {
            input.copy_(filled);
            return input.alias();
        }
    }

    /// <inheritdoc/>
    protected override Tensor DrawMask(SiteDraw draw, long[] inputShape)
    {
        (BlockMask mask, BlockLayout layout, long[] shape, long firstMap) = Plan(draw, inputShape);
        return BlockNoise.MaskTensor(draw.Stream, mask, layout, shape, firstMap, CPU);
    }

    private bool IsSharedByRows(SiteDraw draw) => Options.ShareSamples || draw.IsSharedByRows;

    private static double KeptScale(Tensor mask)
    {
        using Tensor kept = mask.sum();
        using Tensor local = kept.cpu();
        long count = local.item<long>();
        return count == 0 ? 0 : (double)mask.numel() / count;
    }

    private (BlockMask Mask, BlockLayout Layout, long[] Shape, long FirstMap) Plan(SiteDraw draw, long[] inputShape)
    {
        bool batched = inputShape.Length == _axes + 2;
        int firstAxis = Options.ChannelsLast ? inputShape.Length - _axes - 1 : inputShape.Length - _axes;
        int channelAxis = Options.ChannelsLast ? inputShape.Length - 1 : firstAxis - 1;
        Span<int> map = stackalloc int[_axes];
        for (int axis = 0; axis < _axes; axis++)
        {
            map[axis] = checked((int)inputShape[firstAxis + axis]);
        }

        int channels = checked((int)inputShape[channelAxis]);
        bool sharedByRows = batched && IsSharedByRows(draw);
        var layout = new BlockLayout(batched ? inputShape[0] : 1, channels, Options.ChannelsLast, Options.ShareChannels, sharedByRows);
        long[] shape = [.. inputShape];
        shape[channelAxis] = Options.ShareChannels ? 1 : channels;
        if (sharedByRows)
        {
            shape[0] = Math.Min(1, inputShape[0]);
        }

        long firstMap = batched && !sharedByRows ? checked(draw.FirstRow * (Options.ShareChannels ? 1 : channels)) : 0;
        return (BlockMask.Get(map, _blockSize, draw.DropRate), layout, shape, firstMap);
    }
}
