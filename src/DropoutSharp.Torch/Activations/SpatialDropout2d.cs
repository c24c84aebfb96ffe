namespace DropoutSharp.Torch;

/// <summary>Dropout of whole feature maps of 2-dimensional data of shape (N, C, H, W) or (C, H, W); PyTorch's Dropout2d and Keras's SpatialDropout2D.</summary>
/// <inheritdoc cref="SpatialDropout" path="/remarks"/>
public sealed class SpatialDropout2d : SpatialDropout
{
    /// <summary>A layer that drops whole feature maps.</summary>
    /// <param name="dropRate">The probability that a map is dropped, in [0, 1].</param>
    /// <param name="channelsLast">Whether the data are (N, H, W, C) or (H, W, C).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept maps are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public SpatialDropout2d(
        double dropRate = 0.5,
        bool channelsLast = false,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(SpatialDropout2d), 2, dropRate, channelsLast, inplace, scaling, seed, site)
    {
    }
}
