namespace DropoutSharp.Torch;

/// <summary>Dropout of contiguous regions of 3-dimensional feature maps of shape (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="DropBlock" path="/remarks"/>
public sealed class DropBlock3d : DropBlock
{
    /// <summary>A layer that drops blocks of the same size along each axis.</summary>
    /// <param name="dropRate">The share of cells that is dropped on average, in [0, 1].</param>
    /// <param name="blockSize">The blocks' size along each axis, at least 1; it is cut to the map's size.</param>
    /// <param name="options">Layout, sharing and scale.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the block size is below 1.</exception>
    public DropBlock3d(double dropRate = 0.1, int blockSize = 7, DropBlockOptions options = default, ulong? seed = null, uint site = 0)
        : base(nameof(DropBlock3d), 3, dropRate, [blockSize], options, seed, site)
    {
    }

    /// <summary>A layer that drops blocks of a size for each axis.</summary>
    /// <param name="dropRate">The share of cells that is dropped on average, in [0, 1].</param>
    /// <param name="blockSize">The blocks' size along each of the 3 axes, at least 1; it is cut to the map's size.</param>
    /// <param name="options">Layout, sharing and scale.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">There is neither one block size nor 3.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or a block size is below 1.</exception>
    public DropBlock3d(
        double dropRate, ReadOnlySpan<int> blockSize, DropBlockOptions options = default, ulong? seed = null, uint site = 0)
        : base(nameof(DropBlock3d), 3, dropRate, blockSize, options, seed, site)
    {
    }
}
