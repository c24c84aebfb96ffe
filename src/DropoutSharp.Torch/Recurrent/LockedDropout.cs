using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout with one mask a sequence: a feature that is dropped is dropped at every time step.</summary>
/// <remarks>
/// <para>
/// A mask of shape (N, 1, F) on (N, T, F). Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016; as a layer
/// between recurrent layers by Merity, Keskar and Socher, "Regularizing and optimizing LSTM language models", ICLR 2018.
/// </para>
/// <para>The scale, edges and element types are those of <see cref="Dropout"/>.</para>
/// </remarks>
public sealed class LockedDropout : MaskedModule
{
    /// <summary>A layer with one mask a sequence.</summary>
    /// <param name="dropRate">The probability that a feature is dropped, in [0, 1].</param>
    /// <param name="batchFirst">Whether the data are (N, T, F), or (T, N, F) as TorchSharp's LSTM has them by default.</param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept features are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public LockedDropout(
        double dropRate = 0.5,
        bool batchFirst = true,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(LockedDropout), new DropoutSite(dropRate, seed, site), inplace, scaling) => BatchFirst = batchFirst;

    /// <summary>Whether the data are (N, T, F) instead of (T, N, F).</summary>
    public bool BatchFirst { get; }

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (input.dim() is not (2 or 3))
        {
            throw new ArgumentException(
                $"Input of {nameof(LockedDropout)} must have the shape {(BatchFirst ? "(N, T, F)" : "(T, N, F)")} or (T, F); "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    /// <inheritdoc/>
    protected override bool HasRows(long[] inputShape) => inputShape.Length == 3;

    /// <inheritdoc/>
    protected override int RowDimension => BatchFirst ? 0 : 1;

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape) => inputShape.Length == 2 ? [1, inputShape[1]]
        : BatchFirst ? [inputShape[0], 1, inputShape[2]]
        : [1, inputShape[1], inputShape[2]];
}
