using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class DropoutFunctional
{
    /// <summary>Dropout of whole maps of shape (N, C, L) or (C, L); <see cref="SpatialDropout1d"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor.</param>
    /// <param name="dropRate">The probability that a map is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type or the rank is another.</exception>
    public static Tensor dropout1d(Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false) =>
        Maps(input, 1, nameof(dropout1d), dropRate, stream, training, inplace);

    /// <summary>Dropout of whole maps of shape (N, C, H, W) or (C, H, W); <see cref="SpatialDropout2d"/> as a function.</summary>
    /// <inheritdoc cref="dropout1d"/>
    public static Tensor dropout2d(Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false) =>
        Maps(input, 2, nameof(dropout2d), dropRate, stream, training, inplace);

    /// <summary>Dropout of whole maps of shape (N, C, D, H, W) or (C, D, H, W); <see cref="SpatialDropout3d"/> as a function.</summary>
    /// <inheritdoc cref="dropout1d"/>
    public static Tensor dropout3d(Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false) =>
        Maps(input, 3, nameof(dropout3d), dropRate, stream, training, inplace);

    /// <summary>Alpha dropout of whole maps of shape (N, C, …); <see cref="FeatureAlphaDropout"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of at least two dimensions.</param>
    /// <param name="dropRate">The probability that a map is dropped, in [0, 1).</param>
    /// <param name="stream">The position of the mask: key, step and site.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <param name="inplace">Whether the input is changed.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type or the rank is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The drop rate is 1.</exception>
    public static Tensor feature_alpha_dropout(
        Tensor input, DropRate dropRate, MaskStream stream, bool training = true, bool inplace = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() < 2)
        {
            throw new ArgumentException(
                $"Input of {nameof(feature_alpha_dropout)} must have the shape (N, C, …); received shape [{string.Join(", ", input.shape)}].", nameof(input));
        }

        long[] mask = [.. TensorMemory.Shape(input)[..2], .. Enumerable.Repeat(1L, (int)input.dim() - 2)];
        return Masked(input, mask, dropRate, new MaskLaw(new AlphaAffine(dropRate)), stream, training, inplace);
    }

    /// <summary>DropBlock on maps of shape (N, C, L) or (C, L); <see cref="DropBlock1d"/> as a function.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor.</param>
    /// <param name="dropRate">The share of cells that is dropped on average, in [0, 1].</param>
    /// <param name="blockSize">The blocks' size along each axis, at least 1.</param>
    /// <param name="stream">The position of the masks: key, step and site.</param>
    /// <param name="options">Layout, sharing and scale.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type or the rank is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The block size is below 1.</exception>
    public static Tensor drop_block1d(
        Tensor input, DropRate dropRate, int blockSize, MaskStream stream, DropBlockOptions options = default, bool training = true)
    {
        using var layer = new DropBlock1d(dropRate.Value, blockSize, options, seed: stream.Key);
        return Once(layer, input, dropRate, stream, training);
    }

    /// <summary>DropBlock on maps of shape (N, C, H, W) or (C, H, W); <see cref="DropBlock2d"/> as a function.</summary>
    /// <inheritdoc cref="drop_block1d"/>
    public static Tensor drop_block2d(
        Tensor input, DropRate dropRate, int blockSize, MaskStream stream, DropBlockOptions options = default, bool training = true) =>
        drop_block2d(input, dropRate, [blockSize], stream, options, training);

    /// <summary>The same with blocks of a size for each axis.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor.</param>
    /// <param name="dropRate">The share of cells that is dropped on average, in [0, 1].</param>
    /// <param name="blockSize">The blocks' size along each axis, at least 1; one number stands for all axes.</param>
    /// <param name="stream">The position of the masks: key, step and site.</param>
    /// <param name="options">Layout, sharing and scale.</param>
    /// <param name="training">Whether anything is dropped; false returns an alias of the input.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type or the rank is another, or there is neither one block size nor one an axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A block size is below 1.</exception>
    public static Tensor drop_block2d(
        Tensor input, DropRate dropRate, ReadOnlySpan<int> blockSize, MaskStream stream, DropBlockOptions options = default, bool training = true)
    {
        using var layer = new DropBlock2d(dropRate.Value, blockSize, options, seed: stream.Key);
        return Once(layer, input, dropRate, stream, training);
    }

    /// <summary>DropBlock on maps of shape (N, C, D, H, W) or (C, D, H, W); <see cref="DropBlock3d"/> as a function.</summary>
    /// <inheritdoc cref="drop_block1d"/>
    public static Tensor drop_block3d(
        Tensor input, DropRate dropRate, int blockSize, MaskStream stream, DropBlockOptions options = default, bool training = true) =>
        drop_block3d(input, dropRate, [blockSize], stream, options, training);

    /// <inheritdoc cref="drop_block2d(Tensor, DropRate, ReadOnlySpan{int}, MaskStream, DropBlockOptions, bool)"/>
    public static Tensor drop_block3d(
        Tensor input, DropRate dropRate, ReadOnlySpan<int> blockSize, MaskStream stream, DropBlockOptions options = default, bool training = true)
    {
        using var layer = new DropBlock3d(dropRate.Value, blockSize, options, seed: stream.Key);
        return Once(layer, input, dropRate, stream, training);
    }

    private static Tensor Once(DropoutModule layer, Tensor input, DropRate dropRate, MaskStream stream, bool training)
    {
        layer.DropRate = dropRate;
        layer.Position = stream;
        layer.train(training);
        return layer.forward(input);
    }

    private static Tensor Maps(Tensor input, int axes, string name, DropRate dropRate, MaskStream stream, bool training, bool inplace)
    {
        ArgumentNullException.ThrowIfNull(input);
        MapShape.Check(input, axes, channelsLast: false, name);
        long[] shape = TensorMemory.Shape(input);
        long[] mask = [.. shape[..^axes], .. Enumerable.Repeat(1L, axes)];
        return Masked(input, mask, dropRate, new MaskLaw(dropRate.InvertedScale), stream, training, inplace);
    }

    private static Tensor Masked(
        Tensor input, long[]? maskShape, DropRate dropRate, MaskLaw law, MaskStream stream, bool training, bool inplace)
    {
        DropoutModule.CheckElementType(input);
        return !training || dropRate.KeepsAll
            ? input.alias()
            : NoiseFunction.Apply(new MaskedNoise(stream, dropRate, law, maskShape), input, inplace);
    }
}
