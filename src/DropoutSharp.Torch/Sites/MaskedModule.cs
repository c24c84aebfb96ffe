using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A dropout module with a Bernoulli mask: what differs from variant to variant is the mask's shape.</summary>
public abstract class MaskedModule : DropoutModule
{
    /// <summary>A module with a Bernoulli mask.</summary>
    /// <param name="name">The variant's name.</param>
    /// <param name="site">Its site.</param>
    /// <param name="inplace">Whether the stochastic pass changes its input.</param>
    /// <param name="scaling">When kept elements are scaled.</param>
    protected MaskedModule(string name, DropoutSite site, bool inplace, Scaling scaling)
        : this(name, site, inplace, scaling, canBeUnscaled: false)
    {
    }

    private protected MaskedModule(string name, DropoutSite site, bool inplace, Scaling scaling, bool canBeUnscaled)
        : base(name, site)
    {
        Inplace = inplace;
        Scaling = scaling.Checked(canBeUnscaled);
    }

    /// <summary>Whether the stochastic pass changes its input, as far as that is given to it.</summary>
    public bool Inplace { get; }

    /// <summary>When kept elements are scaled.</summary>
    public Scaling Scaling { get; }

    /// <summary>The mask's shape for an input's: it broadcasts to it. Null where it is the input's own.</summary>
    /// <param name="inputShape">The input's shape.</param>
    protected virtual long[]? MaskShape(long[] inputShape) => null;

    /// <summary>Which dimension of a batched input counts its rows.</summary>
    protected virtual int RowDimension => 0;

    /// <summary>Whether an input is a batch of rows, rather than one unbatched sample.</summary>
    /// <param name="inputShape">The input's shape.</param>
    protected virtual bool HasRows(long[] inputShape) => inputShape.Length > 1;

    /// <inheritdoc/>
    protected override Tensor Evaluate(Tensor input) =>
        Scaling != Scaling.AtInference || DropRate.KeepsAll ? input.alias() : input.Times(DropRate.KeepProbability);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, SiteDraw draw)
    {
        MaskLaw law = Law(draw.DropRate);
        if (draw.Mask is Tensor given)
        {
            return GivenMask.Apply(given, input, law, Inplace);
        }

        if (draw.DropRate.KeepsAll)
        {
            return input.alias();
        }

        (long[]? shape, long firstElement) = Placement(draw, LastShape);
        return NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, law, shape, firstElement), input, Inplace);
    }

    /// <summary>A stochastic pass that leaves no trace in the module, so that several threads can run one each.</summary>
    internal Tensor DrawFree(Tensor input, SiteDraw draw)
    {
        CheckElementType(input);
        CheckShape(input);
        return draw.DropRate.KeepsAll ? input.alias() : NoiseOf(draw, TensorMemory.Shape(input)).Apply(input);
    }

    /// <summary>The same, written to contiguous memory on the CPU.</summary>
    internal void Draw(Tensor input, SiteDraw draw, Tensor output)
    {
        CheckElementType(input);
        CheckShape(input);
        NoiseOf(draw, TensorMemory.Shape(input)).Apply(input, output);
    }

    /// <summary>What becomes of kept and dropped elements at a rate.</summary>
    internal MaskLaw LawOf(DropRate dropRate) => Law(dropRate);

    /// <summary>Whether the mask has one draw for each unit, for all rows.</summary>
    /// <param name="inputShape">The input's shape.</param>
    /// <param name="dimension">Which dimension holds the units.</param>
    /// <param name="isSharedByRows">Whether masks that differ from row to row are shared by the rows.</param>
    internal bool HasUnitMask(long[] inputShape, int dimension, bool isSharedByRows)
    {
        if (!HasRelativeShape || inputShape.Length < 2)
        {
            return false;
        }

        // A batch of one row must not pass for a mask that all rows share.
        long[] shape = [2, .. inputShape[1..]];
        SiteDraw draw = new() { IsStochastic = true, IsSharedByRows = isSharedByRows };
        long[] mask = Placement(draw, shape).Shape ?? shape;
        return mask.Length == shape.Length && mask[dimension] == shape[dimension] && mask.Where((size, index) => index != dimension && size != 1).Any() is false;
    }

    /// <summary>The mask of a draw that all rows share, with one row; null where rows have masks of their own.</summary>
    internal Tensor? RowMask(long[] inputShape, SiteDraw draw)
    {
        long[] shape = [2, .. inputShape[1..]];
        long[] mask = HasRelativeShape ? Placement(draw, shape).Shape ?? shape : shape;
        return mask[0] == 1 ? MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, mask, 0, CPU) : null;
    }

    /// <summary>Whether the mask's shape is known for every input's.</summary>
    private protected virtual bool HasRelativeShape => true;

    private MaskedNoise NoiseOf(SiteDraw draw, long[] inputShape)
    {
        (long[]? shape, long firstElement) = Placement(draw, inputShape);
        return new MaskedNoise(draw.Stream, draw.DropRate, Law(draw.DropRate), shape, firstElement);
    }

    /// <inheritdoc/>
    protected override Tensor DrawMask(SiteDraw draw, long[] inputShape)
    {
        (long[]? shape, long firstElement) = Placement(draw, inputShape);
        return MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, shape ?? inputShape, firstElement, CPU);
    }

    /// <summary>The features that a draw keeps, where all rows, or all rows of a group, share one mask along one dimension; null where the mask is another.</summary>
    /// <param name="draw">A stochastic draw without a mask that was given.</param>
    /// <param name="inputShape">The input's shape; sizes of dimensions that are neither rows nor features need not be right.</param>
    /// <returns>One set for all rows, or one a group of <see cref="GroupSizes"/>.</returns>
    internal KeptFeatures[]? SharedFeatures(SiteDraw draw, long[] inputShape)
    {
        if (!draw.IsStochastic || draw.Mask is not null || Law(draw.DropRate) is not { Offset: 0, Dropped: 0 })
        {
            return null;
        }

        long groups = Groups(draw, inputShape);
        (long[]? placed, long firstElement) = Placement(draw, inputShape);
        long[] shape = placed ?? inputShape;
        int dimension = Array.FindLastIndex(shape, static size => size != 1);
        bool fits = dimension > 0 && shape.Length == inputShape.Length && firstElement == 0 && shape[dimension] == inputShape[dimension]
            && shape[dimension] <= int.MaxValue && Array.TrueForAll(shape[..dimension], static size => size == 1);
        if (!fits || groups == 0)
        {
            return null;
        }

        int count = (int)shape[dimension];
        var kept = new KeptFeatures[groups];
        for (int group = 0; group < groups; group++)
        {
            long first = (long)group * count;
            kept[group] = new KeptFeatures(new Lazy<int[]>(() => KeptIndices(draw, count, first)), draw.DropRate.KeepProbability, count, dimension);
        }

        return kept;
    }

    private static int[] KeptIndices(SiteDraw draw, int count, long firstElement)
    {
        int[] indices = new int[count];
        int length = draw.Stream.FillKeptIndices(indices, count, draw.DropRate, firstElement);
        return indices[..length];
    }

    /// <summary>What kept elements are multiplied with in a stochastic pass.</summary>
    internal double KeptScale(DropRate dropRate) => Law(dropRate).Scale;

    /// <summary>How many groups of rows have a mask of their own that <see cref="MaskShape(long[])"/> does not show; 0 where groups are single rows.</summary>
    private protected virtual long Groups(SiteDraw draw, long[] inputShape) => 1;

    private protected virtual MaskLaw Law(DropRate dropRate) => new(Scaling == Scaling.Inverted ? dropRate.InvertedScale : 1);

    private bool VariesByRow(long[] inputShape)
    {
        long[] shape = [.. inputShape];
        shape[RowDimension] = 2;
        return MaskShape(shape) is not { } mask || mask[RowDimension + mask.Length - shape.Length] == 2;
    }

    private (long[]? Shape, long FirstElement) Placement(SiteDraw draw, long[] inputShape)
    {
        long[]? shape = MaskShape(inputShape);
        if (!draw.IsSharedByRows && draw.FirstRow == 0)
        {
            return (shape, 0);
        }

        long[] own = shape ?? inputShape;
        int row = RowDimension;
        if (shape is not null && inputShape.Length > row && inputShape[row] == 1 && HasRelativeShape && !VariesByRow(inputShape))
        {
            return (shape, 0); // one mask for the batch, which happens to have one row
        }

        if (!HasRows(inputShape) || own.Length != inputShape.Length || own[row] != inputShape[row] || own[..row].Any(size => size != 1))
        {
            return (shape, 0);
        }

        if (draw.IsSharedByRows)
        {
            return ([.. own[..row], 1, .. own[(row + 1)..]], 0);
        }

        long elementsPerRow = own[(row + 1)..].Aggregate(1L, (product, size) => checked(product * size));
        return (shape, checked(draw.FirstRow * elementsPerRow));
    }
}
