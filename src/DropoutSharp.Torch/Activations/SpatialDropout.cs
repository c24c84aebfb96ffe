using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout of whole feature maps: what its one-, two- and three-dimensional forms share.</summary>
/// <remarks>
/// <para>
/// A mask element a sample and channel, of shape (N, C, 1, …): neighbouring activations of a map carry nearly the same information, so that dropping
/// single ones drops little. Tompson, Goroshin, Jain, LeCun and Bregler, "Efficient object localization using convolutional networks", CVPR 2015.
/// </para>
/// <para>
/// Exactly the batched and the unbatched rank are taken. PyTorch and TorchSharp guess where the rank is another, and then drop samples or single elements.
/// </para>
/// </remarks>
public abstract class SpatialDropout : MaskedModule
{
    private readonly int _axes;

    private protected SpatialDropout(
        string name, int axes, double dropRate, bool channelsLast, bool inplace, Scaling scaling, ulong? seed, uint site)
        : base(name, new DropoutSite(dropRate, seed, site), inplace, scaling)
    {
        _axes = axes;
        ChannelsLast = channelsLast;
    }

    /// <summary>Whether channels are the last dimension, as in Keras, instead of the one after the batch.</summary>
    public bool ChannelsLast { get; }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input) => MapShape.Check(input, _axes, ChannelsLast, GetName());

    /// <inheritdoc/>
    protected override bool HasRows(long[] inputShape) => inputShape.Length == _axes + 2;

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape)
    {
        int channel = ChannelsLast ? inputShape.Length - 1 : inputShape.Length - _axes - 1;
        long[] shape = new long[inputShape.Length];
        Array.Fill(shape, 1);
        shape[channel] = inputShape[channel];
        if (HasRows(inputShape))
        {
            shape[0] = inputShape[0];
        }

        return shape;
    }
}
