using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module that changes a tensor at random in training and keeps its shape: what all activation dropouts share.</summary>
/// <remarks>
/// In evaluation it returns an alias of its input, as TorchSharp's modules do. Inputs are float16, bfloat16, float32 or float64 tensors with any
/// strides. Masks come from the module's <see cref="Site"/>; nothing of the input's size is kept for the backward pass.
/// </remarks>
public abstract class DropoutModule : nn.Module<Tensor, Tensor>, IMaskedSites
{
    private const string SiteName = "site";

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private long[]? _lastShape;

    /// <summary>A module with a site of its own.</summary>
    /// <param name="name">The variant's name.</param>
    /// <param name="site">Its site; the module owns it.</param>
    protected DropoutModule(string name, DropoutSite site)
        : base(name)
    {
        _site = site;
        register_module(SiteName, site);
    }

    /// <summary>The probability that a unit is dropped, in [0, 1]; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The variant needs a rate below 1 and receives 1.</exception>
    public DropRate DropRate
    {
        get => _site.DropRate;
        set => _site.DropRate = value;
    }

    /// <summary>Where the module draws: its position in the mask stream, sampling in evaluation, masks that are given.</summary>
    public DropoutSite Site => _site;

    /// <summary>The position of the next draw in training; set it to draw the same masks again.</summary>
    public MaskStream Position
    {
        get => _site.Position;
        set => _site.Position = value;
    }

    /// <summary>
    /// The mask of the latest stochastic forward pass as a new bool tensor of the mask's own shape on the CPU, true where an element was kept; null before the first.
    /// Variants with continuous noise give what they multiplied with or added: a float32 tensor, or float64 for a float64 input.
    /// </summary>
    /// <remarks>It is drawn again when asked for, not stored. <c>Site.Use</c> takes it back.</remarks>
    public Tensor? CurrentMask =>
        _site.LastDraw is not SiteDraw draw || _lastShape is null ? null
            : draw.Mask is not Tensor given ? DrawMask(draw, _lastShape)
            : given.IsInvalid ? null : given.clone();

    /// <summary>
    /// The mask of the latest stochastic forward pass as packed bits, 1 where an element was kept: element i is bit i mod 8, from the lowest, of byte i / 8. Null
    /// before the first, and for variants with continuous noise.
    /// </summary>
    public byte[]? CurrentMaskBits
    {
        get
        {
            using Tensor? mask = CurrentMask;
            return mask?.dtype != ScalarType.Bool ? null : PackedBits.Of(mask);
        }
    }

    /// <summary>One pass: stochastic in training, or while the site is sampled or given a mask.</summary>
    /// <param name="input">A floating-point tensor of a shape that the variant takes.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type or the shape is none that the variant takes.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        SiteDraw draw = _site.Draw();
        return draw.IsStochastic ? Draw(input, draw) : Evaluate(input);
    }

    /// <summary>A stochastic pass at a given position, whatever the mode; takes no step.</summary>
    /// <param name="input">A floating-point tensor of a shape that the variant takes.</param>
    /// <param name="position">The position of the mask.</param>
    public Tensor forward(Tensor input, MaskStream position)
    {
        using (_site.Sample(new SiteSampling(position)))
        {
            return forward(input);
        }
    }

    /// <summary>A stochastic pass with a given mask, whatever the mode; takes no step.</summary>
    /// <param name="input">A floating-point tensor of a shape that the variant takes.</param>
    /// <param name="mask">What <see cref="CurrentMask"/> gives, or any mask of such a type that broadcasts to the input.</param>
    /// <exception cref="ArgumentException">The mask's type or shape does not fit.</exception>
    public Tensor forward(Tensor input, Tensor mask)
    {
        using (_site.Use(mask))
        {
            return forward(input);
        }
    }

    /// <summary>A stochastic pass with a given draw, whatever the mode and whatever the site says.</summary>
    internal Tensor DrawAt(Tensor input, SiteDraw draw)
    {
        CheckElementType(input);
        CheckShape(input);
        return Draw(input, draw);
    }

    /// <summary>The input's shape in the latest stochastic forward pass.</summary>
    private protected long[] LastShape => _lastShape ?? [];

    /// <summary>The element type of the latest stochastic forward pass.</summary>
    private protected ScalarType LastType { get; private set; }

    /// <summary>What the module does in evaluation: by default nothing.</summary>
    /// <param name="input">The input, already checked.</param>
    protected virtual Tensor Evaluate(Tensor input) => input.alias();

    /// <summary>Refuses shapes that the variant does not take; by default none.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="ArgumentException">The shape is none that the variant takes.</exception>
    protected virtual void CheckShape(Tensor input)
    {
    }

    /// <summary>The stochastic pass.</summary>
    /// <param name="input">The input, already checked.</param>
    /// <param name="draw">What to draw; its <see cref="SiteDraw.Mask"/> is to be used instead where it is given.</param>
    protected abstract Tensor Apply(Tensor input, SiteDraw draw);

    /// <summary>The mask of a draw, as <see cref="CurrentMask"/> gives it.</summary>
    /// <param name="draw">The draw.</param>
    /// <param name="inputShape">The input's shape.</param>
    protected abstract Tensor DrawMask(SiteDraw draw, long[] inputShape);

    internal static void CheckElementType(Tensor input, string what = "Input")
    {
        if (input.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new ArgumentException($"{what} must be a float16, bfloat16, float32 or float64 tensor; received {input.dtype}.", nameof(input));
        }

        if (input.is_sparse)
        {
            throw new ArgumentException($"{what} must be a dense tensor; received a sparse one.", nameof(input));
        }
    }

    /// <summary>The pass of a draw that was taken already.</summary>
    internal Tensor Run(Tensor input, SiteDraw draw)
    {
        Check(input);
        return draw.IsStochastic ? Draw(input, draw) : Evaluate(input);
    }

    /// <summary>Refuses inputs that the module does not take.</summary>
    internal void Check(Tensor input)
    {
        CheckElementType(input);
        CheckShape(input);
    }

    /// <summary>Notes a stochastic pass that was computed elsewhere, for <see cref="CurrentMask"/>.</summary>
    internal void Note(long[] inputShape, ScalarType type) => (_lastShape, LastType) = (inputShape, type);

    private Tensor Draw(Tensor input, SiteDraw draw)
    {
        Note(TensorMemory.Shape(input), input.dtype);
        return Apply(input, draw);
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
