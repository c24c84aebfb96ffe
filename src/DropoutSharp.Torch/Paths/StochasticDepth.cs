using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual block whose branch is dropped at random in training: <c>y = x + m·branch(x)/p</c>.</summary>
/// <remarks>
/// <para>
/// In evaluation <c>y = x + branch(x)</c>. With <see cref="Scaling.AtInference"/>, the paper's form, <c>y = x + m·branch(x)</c> in training and <c>x + p·branch(x)</c> in evaluation; with <see cref="Scaling.None"/> the branch is scaled in neither. Huang, Sun, Liu,
/// Sedra and Weinberger, "Deep networks with stochastic depth", ECCV 2016; the subset forms after Oquab et al., "DINOv2", 2023, section 5. Rates over the depth:
/// <see cref="DepthRates"/>.
/// </para>
/// <para>
/// <see cref="StochasticDepthMode.Batch"/> and the two subset modes do not compute what is dropped: the expected time of the branch is p times the whole. A branch that normalises over the batch computes its
/// statistics from the kept rows only in the subset modes, and from all rows, the dropped ones too, in <see cref="StochasticDepthMode.Row"/>.
/// </para>
/// </remarks>
public sealed class StochasticDepth : nn.Module<Tensor, Tensor>, IMaskedSites
{
    private const string BranchName = "branch";
    private const string ShortcutName = "shortcut";
    private const string SiteName = "site";

    [ComponentName(Name = BranchName)]
    private readonly nn.Module<Tensor, Tensor> _branch;

    [ComponentName(Name = ShortcutName)]
    private readonly nn.Module<Tensor, Tensor>? _shortcut;

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private long _lastRows;

    /// <summary>A residual block of a branch.</summary>
    /// <param name="branch">What is added to the input; its output has the input's shape, or the shortcut's. The block owns it, as its child <c>branch</c>.</param>
    /// <param name="dropRate">The probability that the branch is dropped, in [0, 1].</param>
    /// <param name="mode">For whom it is dropped, and what is computed.</param>
    /// <param name="scaling">When the branch is scaled.</param>
    /// <param name="shortcut">What the input becomes before the branch is added, where shapes differ, as its child <c>shortcut</c>; null for the input itself. It is never dropped.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the mode or the scaling is none of its enumeration's.</exception>
    public StochasticDepth(
        nn.Module<Tensor, Tensor> branch,
        double dropRate = 0.1,
        StochasticDepthMode mode = StochasticDepthMode.Row,
        Scaling scaling = Scaling.Inverted,
        nn.Module<Tensor, Tensor>? shortcut = null,
        ulong? seed = null,
        uint site = 0)
        : base(nameof(StochasticDepth))
    {
        ArgumentNullException.ThrowIfNull(branch);
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"Mode must be Batch, Row, Subset or FixedSubset; received {mode}.");
        }

        (_branch, _shortcut) = (branch, shortcut);
        _site = new DropoutSite(dropRate, seed, site);
        Mode = mode;
        Scaling = scaling.Checked(canBeNone: true);
        register_module(BranchName, branch);
        register_module(SiteName, _site);
        if (shortcut is not null)
        {
            register_module(ShortcutName, shortcut);
        }
    }

    /// <summary>What is added to the input.</summary>
    public nn.Module<Tensor, Tensor> Branch => _branch;

    /// <summary>What the input becomes before the branch is added; null for the input itself.</summary>
    public nn.Module<Tensor, Tensor>? Shortcut => _shortcut;

    /// <summary>For whom the branch is dropped, and what is computed.</summary>
    public StochasticDepthMode Mode { get; }

    /// <summary>When the branch is scaled.</summary>
    public Scaling Scaling { get; }

    /// <summary>Where the block draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The probability that the branch is dropped, in [0, 1]; may be changed between steps.</summary>
    public DropRate DropRate
    {
        get => _site.DropRate;
        set => _site.DropRate = value;
    }

    /// <summary>The position of the next draw in training; set it to draw the same masks again.</summary>
    public MaskStream Position
    {
        get => _site.Position;
        set => _site.Position = value;
    }

    /// <summary>
    /// The mask of the latest stochastic pass as a new bool tensor on the CPU, true where the branch was kept: one element for the batch, or one a row. Null before the first.
    /// </summary>
    public Tensor? CurrentMask => _site.LatestMask(draw => Mask(draw, _lastRows));

    /// <summary>One pass through the block.</summary>
    /// <param name="input">A floating-point tensor whose first dimension counts rows (any shape with <see cref="StochasticDepthMode.Batch"/>).</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The element type or the rank is none that can be taken, or the branch changes the shape.</exception>
    public override Tensor forward(Tensor input) => Run(input, rows => FusedChain.Call(_branch, rows));

    /// <summary>The same with a branch that is computed in another way.</summary>
    internal Tensor Run(Tensor input, Func<Tensor, Tensor> branch)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        if (input.dim() == 0 && Mode != StochasticDepthMode.Batch)
        {
            throw new ArgumentException($"Input of {nameof(StochasticDepth)} must have the shape (N, …); received shape [].", nameof(input));
        }

        SiteDraw draw = _site.Draw();
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = _shortcut is null ? input.alias() : _shortcut.call(input);
        if (!draw.IsStochastic)
        {
            double share = Scaling == Scaling.AtInference ? DropRate.KeepProbability : 1;
            return kept.Plus(Branched(branch, input, TensorMemory.Shape(kept)), share).MoveToOuterDisposeScope();
        }

        _lastRows = input.dim() == 0 ? 1 : input.size(0);
        bool isPlain = draw.DropRate.KeepsAll && draw.Mask is null;
        return (isPlain ? kept.Plus(Branched(branch, input, TensorMemory.Shape(kept))) : Stochastic(branch, input, kept, draw)).MoveToOuterDisposeScope();
    }

    private Tensor Stochastic(Func<Tensor, Tensor> branch, Tensor input, Tensor kept, SiteDraw draw)
    {
        double scale = Scaling == Scaling.Inverted ? draw.DropRate.InvertedScale : 1;
        if (draw.Mask is null && Mode is (StochasticDepthMode.Subset or StochasticDepthMode.FixedSubset) && _lastRows > 1 && !draw.IsSharedByRows)
        {
            return Subset(branch, input, kept, DrawRows(draw, _lastRows), scale);
        }

        using Tensor mask = draw.Mask?.to(CPU) ?? Mask(draw, _lastRows);
        CheckMask(mask);
        if (mask.numel() == 1 && (Mode == StochasticDepthMode.Batch || _lastRows == 1))
        {
            // A draw for the batch, or a batch of one row: all or nothing.
            scale = Mode == StochasticDepthMode.FixedSubset ? 1 : scale;
            return mask.reshape(1).ReadCpuBool(0) ? kept.Plus(Branched(branch, input, TensorMemory.Shape(kept)), scale) : kept;
        }

        if (Mode == StochasticDepthMode.Row)
        {
            long[] shape = new long[kept.dim()];
            Array.Fill(shape, 1);
            shape[0] = mask.numel();
            return kept.Plus(GivenMask.Apply(mask.reshape(shape), Branched(branch, input, TensorMemory.Shape(kept)), new MaskLaw(scale), inPlace: false));
        }

        using Tensor places = mask.expand(_lastRows).nonzero().flatten();
        return Subset(branch, input, kept, [.. places.data<long>()], scale);
    }

    /// <summary>Runs the branch for some rows only.</summary>
    private Tensor Subset(Func<Tensor, Tensor> branch, Tensor input, Tensor kept, long[] rows, double scale)
    {
        if (rows.Length == 0)
        {
            return kept;
        }

        if (Mode == StochasticDepthMode.FixedSubset && Scaling == Scaling.Inverted)
        {
            scale = (double)_lastRows / rows.Length;
        }

        if (rows.Length == _lastRows)
        {
            return kept.Plus(Branched(branch, input, TensorMemory.Shape(kept)), scale);
        }

        long[] keptRows = [rows.Length, .. TensorMemory.Shape(kept)[1..]];
        if (TensorMemory.IsForKernels(input) && TensorMemory.IsForKernels(kept))
        {
            var chosen = new RowBranch(rows, _lastRows, scale);
            (Tensor batch, Tensor gathered) = chosen.Begin(input);
            return chosen.End(_shortcut is null ? batch : kept, Branched(branch, gathered, keptRows));
        }

        Tensor there = tensor(rows, device: input.device);
        using Scalar factor = scale;
        return kept.index_add(0, there, Branched(branch, input.index_select(0, there), keptRows), factor);
    }

    /// <summary>The kept rows of a subset mode, ascending: those of the mask.</summary>
    private long[] DrawRows(SiteDraw draw, long rows)
    {
        int count = checked((int)rows);
        if (Mode == StochasticDepthMode.FixedSubset)
        {
            long[] kept = new long[KeptTokens.Count(count, draw.DropRate)];
            KeptTokens.Choose(draw.Stream, draw.FirstRow, count, kept);
            return kept;
        }

        long[] drawn = new long[count];
        return drawn[..draw.Stream.FillKeptIndices(drawn, count, draw.DropRate, draw.FirstRow)];
    }

    private static Tensor Branched(Func<Tensor, Tensor> branch, Tensor input, long[] shape)
    {
        Tensor output = branch(input);
        return TensorMemory.Shape(output).AsSpan().SequenceEqual(shape)
            ? output
            : throw new ArgumentException(
                $"The branch of {nameof(StochasticDepth)} must give the shape that it is added to, [{string.Join(", ", shape)}]; "
                + $"received [{string.Join(", ", output.shape)}] from it.");
    }

    private void CheckMask(Tensor mask)
    {
        bool fits = mask.dtype == ScalarType.Bool && (mask.numel() == 1 || (Mode != StochasticDepthMode.Batch && mask.numel() == _lastRows));
        if (!fits)
        {
            string wanted = Mode == StochasticDepthMode.Batch ? "one element" : $"one element or {_lastRows}";
            throw new ArgumentException($"Mask must be a bool tensor of {wanted}; received {mask.dtype} of shape [{string.Join(", ", mask.shape)}].");
        }
    }

    private Tensor Mask(SiteDraw draw, long rows)
    {
        bool one = Mode == StochasticDepthMode.Batch || (draw.IsSharedByRows && Mode != StochasticDepthMode.FixedSubset);
        if (Mode != StochasticDepthMode.FixedSubset)
        {
            return MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, [one ? 1 : rows], one ? 0 : draw.FirstRow, CPU);
        }

        Tensor mask = zeros([rows], ScalarType.Bool, CPU);
        using Tensor indices = tensor(DrawRows(draw, rows));
        return mask.index_fill_(0, indices, true);
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
