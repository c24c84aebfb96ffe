namespace DropoutSharp.Torch;

/// <summary>Dropout of whole feature maps of 3-dimensional data of shape (N, C, D, H, W) or (C, D, H, W); PyTorch's Dropout3d and Keras's SpatialDropout3D.</summary>
/// <inheritdoc cref="SpatialDropout" path="/remarks"/>
public sealed class SpatialDropout3d : SpatialDropout
{
    /// <summary>A layer that drops whole feature maps.</summary>
    /// <param name="dropRate">The probability that a map is dropped, in [0, 1].</param>
    /// <param name="channelsLast">Whether the data are (N, D, H, W, C) or (D, H, W, C).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept maps are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public SpatialDropout3d(
        double dropRate = 0.5,
        bool channelsLast = false,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(SpatialDropout3d), 3, dropRate, channelsLast, inplace, scaling, seed, site)
    {
    }
}
