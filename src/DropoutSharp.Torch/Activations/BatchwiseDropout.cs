using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>
/// Dropout with one mask for a whole batch, or one for each of several groups of its rows: rows that share a mask lose the same features, so that the lost part of a product need not be
/// computed (<see cref="ThinnedNetwork"/>).
/// </summary>
/// <remarks>
/// <para>
/// A mask of shape (1, F) on (N, F): the law of a single row is that of <see cref="Dropout"/>, but rows of one batch are no longer independent, and the gradient of a
/// batch has a higher variance. Graham, Reizenstein and Robinson, "Efficient batchwise dropout training using submatrices", 2015.
/// </para>
/// <para>
/// With G groups the rows are cut into G stretches of neighbours, as equal as they can be, and each draws a mask of its own: mask element g·F + f belongs to feature f of group g. The gradient's
/// variance falls with G; with a group a row the law is that of dropout of whole features. Groups are those of one forward pass: whoever cuts a batch into several passes cuts its groups too.
/// </para>
/// <para>The scale, edges and element types are those of <see cref="Dropout"/>.</para>
/// </remarks>
public sealed class BatchwiseDropout : MaskedModule
{
    /// <summary>A layer with one mask a batch, or one a group of rows.</summary>
    /// <param name="dropRate">The probability that a feature is dropped, in [0, 1].</param>
    /// <param name="featureDimension">Which dimension holds the features: −1, the last, or 1 for the channels of maps (N, C, …).</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept features are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <param name="groups">How many groups of rows have a mask of their own: 1 for one mask a batch, 0 for one a row; where there are fewer rows, each has its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], the feature dimension is 0, or the number of groups is negative.</exception>
    public BatchwiseDropout(
        double dropRate = 0.5,
        int featureDimension = -1,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0,
        int groups = 1)
        : base(nameof(BatchwiseDropout), new DropoutSite(dropRate, seed, site), inplace, scaling)
    {
        if (featureDimension == 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(featureDimension), featureDimension, "Feature dimension must not be the batch's; received 0.");
        }

        if (groups < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"Groups must be 0 or more; received {groups}.");
        }

        (FeatureDimension, RowGroups) = (featureDimension, groups);
    }

    /// <summary>Which dimension holds the features; negative ones count from the end.</summary>
    public int FeatureDimension { get; }

    /// <summary>How many groups of rows have a mask of their own; 0 where every row has.</summary>
    public int RowGroups { get; }

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
        shape[0] = IsByRow(inputShape[0]) ? inputShape[0] : 1;
        return shape;
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, SiteDraw draw)
    {
        long groups = Groups(draw, TensorMemory.Shape(input));
        if (groups <= 1 || draw.Mask is not null || draw.DropRate.KeepsAll)
        {
            return base.Apply(input, draw);
        }

        long rows = input.size(0);
        if (rows % groups == 0 && !Inplace && input.is_contiguous())
        {
            long[] shape = [groups, rows / groups, .. TensorMemory.Shape(input)[1..]], mask = [groups, 1, .. MaskShape(TensorMemory.Shape(input))![1..]]; // never null here
            return NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, Law(draw.DropRate), mask), input.view(shape)).view(TensorMemory.Shape(input));
        }

        using Tensor expanded = DrawMask(draw, TensorMemory.Shape(input));
        return GivenMask.Apply(expanded, input, Law(draw.DropRate), Inplace);
    }

    /// <inheritdoc/>
    protected override Tensor DrawMask(SiteDraw draw, long[] inputShape)
    {
        long groups = Groups(draw, inputShape);
        if (groups <= 1)
        {
            return base.DrawMask(draw, inputShape);
        }

        long[] mask = MaskShape(inputShape)!; // never null here
        using Tensor drawn = MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, [groups, .. mask[1..]], 0, CPU);
        using Tensor sizes = tensor(GroupSizes.Of(inputShape[0], groups), ScalarType.Int64);
        return drawn.repeat_interleave(sizes, 0);
    }

    /// <inheritdoc/>
    private protected override long Groups(SiteDraw draw, long[] inputShape) => draw.IsSharedByRows ? 1 : IsByRow(inputShape[0]) ? 0 : RowGroups;

    /// <summary>How many groups of rows have a mask of their own in a draw; 0 where every row has.</summary>
    internal long GroupsOf(SiteDraw draw, long[] inputShape) => Groups(draw, inputShape);

    /// <summary>Whether the features of tensors with so many dimensions are the last dimension, behind the rows.</summary>
    internal bool HasLastFeatures(long rank) => rank > 1 && Index(rank) == rank - 1;

    private bool IsByRow(long rows) => RowGroups == 0 || (RowGroups > 1 && RowGroups >= rows);

    private int Index(long rank) => FeatureDimension < 0 ? (int)rank + FeatureDimension : FeatureDimension;
}
