namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>DropBlock: contiguous regions of feature maps are dropped.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, contiguous, or the gradient of the output in the backward pass.</param>
    /// <param name="destination">Receives the result; as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="layout">The samples and channels, and their order in memory.</param>
    /// <param name="mask">The maps' size, the blocks' size and the drop rate.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The masks' position: key, step and site.</param>
    /// <param name="firstMap">The index, in the whole batch, of the first map; not negative.</param>
    /// <exception cref="ArgumentException">A length is not the layout's, or the memory overlaps in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The maps do not fit into the stream.</exception>
    /// <remarks>The masks are those of <see cref="BlockMask.Fill(MaskStream, long, Span{bool})"/>, map by map. Dropped elements become +0.</remarks>
    public static unsafe void BlockDropout<T>(
        ReadOnlySpan<T> x, Span<T> destination, BlockLayout layout, BlockMask mask, double scale, MaskStream stream, long firstMap = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (x.Length != (Int128)layout.Samples * layout.Channels * mask.Cells)
        {
            throw new ArgumentException(
                $"Source must have {layout.Samples}×{layout.Channels}×{mask.Cells} elements; received {x.Length}.", nameof(x));
        }

        CheckDestination(x, destination);
        fixed (T* source = x, target = destination)
        {
            BlockDropout(source, target, layout, mask, scale, stream, firstMap);
        }
    }

    /// <summary>DropBlock over native memory.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The first element of the source, contiguous, or of the output's gradient in the backward pass.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from the source.</param>
    /// <param name="layout">The samples and channels, and their order in memory.</param>
    /// <param name="mask">The maps' size, the blocks' size and the drop rate.</param>
    /// <param name="scale">What a kept element is multiplied with.</param>
    /// <param name="stream">The masks' position: key, step and site.</param>
    /// <param name="firstMap">The index, in the whole batch, of the first map; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or T is another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The layout is negative, or the maps do not fit into the stream.</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void BlockDropout<T>(
        T* x, T* destination, BlockLayout layout, BlockMask mask, double scale, MaskStream stream, long firstMap = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(mask);
        mask.CheckMaps(layout, firstMap);
        CheckElementType<T>();
        long sampleElements = checked((long)layout.Channels * mask.Cells);
        CheckOverlap(x, destination, checked(layout.Samples * sampleElements));
        if (sampleElements == 0)
        {
            return;
        }

        // Where samples share their masks, threads share the masks if these suffice for all of them, and the samples otherwise.
        bool isByMap = layout is { ShareChannels: false, ChannelsLast: false } && (!layout.ShareSamples || layout.Channels >= Parallelism.Default.Threads);
        long maps = layout.Maps, elements = checked(layout.Samples * sampleElements);
        ForkJoin.RunEqually(
            isByMap ? maps : layout.Samples,
            isByMap && maps > 0 ? elements / maps : sampleElements,
            new BlockWork<T>(x, destination, layout, mask, new MaskLaw(scale), stream, firstMap, VectorWidths.Best, isByMap));
    }
}
