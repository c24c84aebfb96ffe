using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout with one mask for a whole batch: every row loses the same features, so that the lost part of a product need not be computed.</summary>
/// <remarks>
/// <para>
/// A mask of shape (1, F) on (N, F): the law of a single row is that of <see cref="Dropout"/>, but rows of one batch are no longer independent, and the gradient of a
/// batch has a higher variance. Graham, Reizenstein and Robinson, "Efficient batchwise dropout training using submatrices", 2015.
/// </para>
/// <para>The scale, edges and element types are those of <see cref="Dropout"/>.</para>
/// </remarks>
public sealed class BatchwiseDropout : MaskedModule
{
    /// <summary>A layer with one mask a batch.</summary>
    /// <param name="dropRate">The probability that a feature is dropped, in [0, 1].</param>
    /// <param name="featureDimension">Which dimension holds the features: −1, the last, or 1 for the channels of maps (N, C, …).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept features are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public BatchwiseDropout(
        double dropRate = 0.5,
        int featureDimension = -1,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(BatchwiseDropout), new DropoutSite(dropRate, seed, site), inplace, scaling)
    {
        if (featureDimension == 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(featureDimension), featureDimension, "Feature dimension must not be the batch's; received 0.");
        }

        FeatureDimension = featureDimension;
    }

    /// <summary>Which dimension holds the features; negative ones count from the end.</summary>
    public int FeatureDimension { get; }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        int index = Index(input.dim());
        if (input.dim() < 2 || index < 1 || index >= input.dim())
        {
            throw new ArgumentException(
                $"Input of {nameof(BatchwiseDropout)} must have the shape (N, …) with features in dimension {FeatureDimension}; "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape)
    {
        long[] shape = new long[inputShape.Length];
        Array.Fill(shape, 1);
        int index = Index(inputShape.Length);
        shape[index] = inputShape[index];
        return shape;
    }

    private int Index(long rank) => FeatureDimension < 0 ? (int)rank + FeatureDimension : FeatureDimension;
}
