namespace DropoutSharp.Torch;

/// <summary>Dropout of whole samples: the output of a residual branch is dropped for some rows of a batch, or for the whole batch.</summary>
/// <remarks>
/// <para>
/// A mask of shape (N, 1, …), or one element for the batch. timm's <c>DropPath</c> and torchvision's <c>StochasticDepth</c>: it is put on the branch's output before that is added to
/// the input. The branch has been computed by then; <see cref="StochasticDepth"/> takes the branch itself and can leave it out. Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with
/// stochastic depth", ECCV 2016.
/// </para>
/// <para>The scale, edges and element types are those of <see cref="Dropout"/>. <see cref="Scaling.None"/> is timm's <c>scale_by_keep=False</c>: it changes the expectation.</para>
/// </remarks>
public sealed class DropPath : MaskedModule
{
    /// <summary>A layer that drops whole samples.</summary>
    /// <param name="dropRate">The probability that a row is dropped, in [0, 1].</param>
    /// <param name="wholeBatch">Whether one draw decides for the batch, instead of one for each row.</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept rows are scaled; <see cref="Scaling.AtInference"/> is the paper's, <see cref="Scaling.None"/> leaves them as they are in both modes.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the scaling is none of its enumeration's.</exception>
    public DropPath(
        double dropRate = 0.1,
        bool wholeBatch = false,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(DropPath), new DropoutSite(dropRate, seed, site), inplace, scaling, canBeUnscaled: true) => WholeBatch = wholeBatch;

    /// <summary>Whether one draw decides for the batch.</summary>
    public bool WholeBatch { get; }

    /// <inheritdoc/>
    protected override bool HasRows(long[] inputShape) => inputShape.Length > 0;

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape)
    {
        long[] shape = new long[inputShape.Length];
        Array.Fill(shape, 1);
        if (!WholeBatch && shape.Length > 0)
        {
            shape[0] = inputShape[0];
        }

        return shape;
    }
}
