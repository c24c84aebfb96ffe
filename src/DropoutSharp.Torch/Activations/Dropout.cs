using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout: in training each element is zero with the drop rate's probability, and the others are scaled so that the expectation stays.</summary>
/// <remarks>
/// <para>
/// In training <c>y = x·m/p</c> with <c>m</c> Bernoulli of the keep probability <c>p = 1 − r</c>; in evaluation the identity
/// (<see cref="Scaling.AtInference"/> for the classic form). Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
/// neural networks from overfitting", JMLR 2014.
/// </para>
/// <para>
/// Dropped elements are selected away, not multiplied by zero: a dropped NaN or infinity leaves +0, and its gradient is 0. Rate 0 returns an alias
/// of the input, rate 1 zeros with zero gradient. The mask is a function of the position in the stream and the element's index in logical (row-major)
/// order, so strided input gives what its contiguous copy gives.
/// </para>
/// </remarks>
public sealed class Dropout : MaskedModule
{
    private readonly long[]? _maskShape;

    /// <summary>A dropout layer.</summary>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1].</param>
    /// <param name="maskShape">
    /// The mask's shape, which broadcasts to the input's from the last dimension on; 0 stands for the input's size. <c>[0, 1, 0]</c> on (batch, time,
    /// features) draws one mask a sequence. Null draws every element for itself.
    /// </param>
    /// <param name="inplace">Whether the input is changed in training.</param>
    /// <param name="scaling">When kept elements are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    /// <exception cref="ArgumentException">The mask shape has a negative size.</exception>
    public Dropout(
        double dropRate = 0.5,
        ReadOnlySpan<long> maskShape = default,
        bool inplace = false,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(Dropout), new DropoutSite(dropRate, seed, site), inplace, scaling) => _maskShape = BroadcastShape.Keep(maskShape);

    /// <summary>Whether every element is drawn for itself.</summary>
    internal bool IsElementwise => _maskShape is null;

    private protected override bool HasRelativeShape => BroadcastShape.IsRelative(_maskShape);

    /// <inheritdoc/>
    protected override void CheckShape(Tensor input)
    {
        if (_maskShape is not null)
        {
            BroadcastShape.Resolve(_maskShape, TensorMemory.Shape(input));
        }
    }

    /// <inheritdoc/>
    protected override long[]? MaskShape(long[] inputShape) => _maskShape is null ? null : BroadcastShape.Resolve(_maskShape, inputShape);
}
