using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Dropout whose rate is learned with the weights: a layer with concrete dropout on its input.</summary>
/// <remarks>
/// <para>
/// In training the input is multiplied with <c>(1 − z)/(1 − r)</c>, <c>z = σ((logit r + ln(u + ε) − ln(1 − u + ε))/t)</c> with u uniform and ε = 10⁻⁷: a
/// soft mask through which the rate r gets a gradient (Gal, Hron and Kendall, "Concrete dropout", NeurIPS 2017). In evaluation the input passes as it is. While the site is
/// sampled (Monte-Carlo dropout) the same soft masks are drawn.
/// </para>
/// <para>
/// Without <see cref="LearnedRegularizer"/> in the loss the rate goes to 0. The rate lies in the trained parameter <c>logit</c>; weight decay
/// must not be applied to it. Being soft, a mask scales NaN and ±∞ and does not select them away; frozen, it selects.
/// </para>
/// </remarks>
public sealed class ConcreteDropout : nn.Module<Tensor, Tensor>, ILearnedDropout
{
    private const double Epsilon = 1e-7;

    [ComponentName(Name = "logit")]
    private Parameter _logit;

    [ComponentName(Name = "frozen")]
    private readonly Tensor _frozen;

    [ComponentName(Name = "site")]
    private readonly DropoutSite _site;

    private readonly nn.Module<Tensor, Tensor>? _layer;
    private readonly ConcreteDropoutOptions _options;
    private readonly long _units;

    /// <summary>Concrete dropout before a layer.</summary>
    /// <param name="layer">The layer; it becomes the child <c>layer</c> and is given the dropped input.</param>
    /// <param name="options">How it starts and draws.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    /// <exception cref="ArgumentException">The number of input units is neither given nor known from the layer.</exception>
    public ConcreteDropout(nn.Module<Tensor, Tensor> layer, ConcreteDropoutOptions options, ulong? seed = null, uint site = 0)
        : this(options, Units(layer, options), seed, site)
    {
        _layer = layer;
        RegularizedLayer = layer;
        register_module("layer", layer);
    }

    /// <summary>Concrete dropout before a layer, with the papers' values, elementwise.</summary>
    /// <param name="layer">The layer; it becomes the child <c>layer</c> and is given the dropped input.</param>
    public ConcreteDropout(nn.Module<Tensor, Tensor> layer)
        : this(layer, new ConcreteDropoutOptions())
    {
    }

    /// <summary>Concrete dropout that stands alone in a chain; set <see cref="RegularizedLayer"/> to the layer that follows.</summary>
    /// <param name="options">How it starts and draws; its number of input units must be given.</param>
    /// <param name="seed">The key of the noise; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public ConcreteDropout(ConcreteDropoutOptions options, ulong? seed = null, uint site = 0)
        : this(options, options.InputUnits, seed, site)
    {
    }

    private ConcreteDropout(ConcreteDropoutOptions options, long units, ulong? seed, uint site)
        : base(nameof(ConcreteDropout))
    {
        Above(options.InitialRate > 0 && options.InitialRate < 1, "The initial drop rate must be above 0 and below 1", options.InitialRate);
        Above(options.Temperature >= 0 && double.IsFinite(options.Temperature), "The temperature must be positive, or 0 for the papers' value", options.Temperature);
        Above(units > 0, "The number of input units must be at least 1", units);
        _options = options with { Temperature = options.Temperature > 0 ? options.Temperature : options.IsSpatial ? 2.0 / 3 : 0.1 };
        _units = units;
        _site = new DropoutSite(options.InitialRate, seed, site, canDropAll: false);
        _logit = new Parameter(tensor(Math.Log(options.InitialRate / (1 - options.InitialRate)), ScalarType.Float32));
        _frozen = tensor(false);
        register_parameter("logit", _logit);
        register_buffer("frozen", _frozen);
        register_module("site", _site);
    }

    /// <summary>The layer whose weights the rate's price depends on; null where only the rate itself has a price.</summary>
    public nn.Module? RegularizedLayer { get; set; }

    /// <summary>Where the module draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The drop rate that was learned so far, in (0, 1).</summary>
    public double DropRate => 1 / (1 + Math.Exp(-_logit.to(ScalarType.Float64).item<double>()));

    /// <inheritdoc/>
    double ILearnedDropout.LearnedRate => DropRate;

    /// <summary>Whether the rate is fixed and the mask hard: plain dropout.</summary>
    public bool IsFrozen => _frozen.item<bool>();

    /// <inheritdoc/>
    /// <remarks>
    /// <c>½ℓ²‖W‖²/(1 − r) + K(r ln r + (1 − r) ln(1 − r))</c> with the weights W of <see cref="RegularizedLayer"/> (parameters of two or more dimensions; not
    /// biases). Zero once frozen.
    /// </remarks>
    public Tensor Divergence(double lengthScale) =>
        IsFrozen ? zeros([], device: _logit.device) : Regularizer(0.5 * lengthScale * lengthScale, 1);

    /// <summary>The papers' regulariser with its two coefficients: <c>λ‖W‖²/(1 − r) + δK(r ln r + (1 − r) ln(1 − r))</c>.</summary>
    /// <param name="weightScale">λ, not negative; ℓ²/N in the papers.</param>
    /// <param name="dropoutScale">δ, not negative; 2/N in the papers.</param>
    /// <returns>A number with a gradient.</returns>
    public Tensor Regularizer(double weightScale, double dropoutScale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rate = _logit.sigmoid();
        Tensor keep = _logit.neg().sigmoid();

        // ln r and ln(1 − r) from the logit itself: they stay finite at the ends.
        Tensor entropy = (rate * nn.functional.logsigmoid(_logit)).Plus(keep * nn.functional.logsigmoid(_logit.neg()));
        Tensor sum = entropy.Times(dropoutScale * _units);
        if (RegularizedLayer is not null)
        {
            foreach (Parameter weight in RegularizedLayer.parameters().Where(parameter => parameter.dim() >= 2))
            {
                sum = sum.Plus(weight.Squared().sum().Times(weightScale) / keep);
            }
        }

        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Fixes the rate where it is: from now on masks are hard, as plain dropout's are, and cost nothing in the loss.</summary>
    public void Freeze()
    {
        SynchronizeRate();
        using Scalar yes = true;
        _frozen.fill_(yes);
        _logit.requires_grad_(false);
    }

    /// <summary>Plain dropout at the rate that was learned, before the same layer.</summary>
    /// <returns>A module that shares the layer with this one.</returns>
    /// <exception cref="InvalidOperationException">It is spatial and its layer no convolution, so that the mask's rank is not known.</exception>
    public nn.Module<Tensor, Tensor> ToDropout()
    {
        long[] maskShape = !_options.IsSpatial ? [] : RegularizedLayer switch
        {
            Conv1d => [0, 0, 1],
            Conv2d => [0, 0, 1, 1],
            Conv3d => [0, 0, 1, 1, 1],
            _ => throw new InvalidOperationException("A spatial concrete dropout becomes plain dropout before a Conv1d, Conv2d or Conv3d only; freeze it in place instead."),
        };
        Dropout dropout = new(DropRate, maskShape, seed: _site.Position.Key, site: _site.Position.Site);
        return _layer is null ? dropout : nn.Sequential(("dropout", dropout), ("layer", _layer));
    }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        SynchronizeRate();
    }

    /// <summary>One pass: with noise in training, or while the site is sampled.</summary>
    /// <param name="input">A floating-point tensor; spatial: (rows, channels, …).</param>
    /// <exception cref="ArgumentException">The element type is another, or spatial input has fewer than three dimensions.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        if (_options.IsSpatial && input.dim() < 3)
        {
            throw new ArgumentException($"Spatial input must be (rows, channels, ...), three dimensions or more; received the shape [{string.Join(", ", input.shape)}].", nameof(input));
        }

        bool frozen = IsFrozen;
        if (frozen)
        {
            SynchronizeRate();
        }

        SiteDraw draw = _site.Draw();
        if (!draw.IsStochastic)
        {
            return _layer is null ? input.alias() : _layer.call(input);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor dropped = draw.Mask is Tensor given ? GivenMask.Apply(given, input, new MaskLaw(draw.DropRate.InvertedScale), false)
            : frozen ? HardDrop(input, draw)
            : SoftDrop(input, draw);
        return (_layer is null ? dropped : _layer.call(dropped)).MoveToOuterDisposeScope();
    }

    private static long Units(nn.Module<Tensor, Tensor> layer, ConcreteDropoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return options.InputUnits != 0 ? options.InputUnits : layer switch
        {
            Linear linear => linear.in_features,
            Conv1d conv => conv.in_channels,
            Conv2d conv => conv.in_channels,
            Conv3d conv => conv.in_channels,
            _ => throw new ArgumentException($"The number of input units must be given for a layer that is no Linear and no Conv1d to Conv3d; received {layer.GetType().Name} without it.", nameof(layer)),
        };
    }

    private static void Above(bool holds, string what, double received)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException("options", received, FormattableString.Invariant($"{what}; received {received}."));
        }
    }

    private long[] NoiseShape(long[] shape) =>
        _options.IsSpatial ? [.. shape[..2], .. Enumerable.Repeat(1L, shape.Length - 2)] : shape;

    private Tensor SoftDrop(Tensor input, SiteDraw draw)
    {
        ScalarType type = input.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor noise;
        using (no_grad())
        {
            Tensor uniform = LearnedNoise.Uniform(draw, NoiseShape(TensorMemory.Shape(input)), type, input.device);
            noise = uniform.Plus(Epsilon).log_() - uniform.SubtractedFrom(1 + Epsilon).log_();
        }

        Tensor kept = noise.Plus(_logit.to(type)).Times(-1 / _options.Temperature).sigmoid();
        return input * (kept / _logit.neg().sigmoid()).to(input.dtype);
    }

    private Tensor HardDrop(Tensor input, SiteDraw draw)
    {
        long[] shape = NoiseShape(TensorMemory.Shape(input));
        if (draw.IsSharedByRows && shape.Length > 1)
        {
            shape = [1, .. shape[1..]];
        }

        long perRow = shape.Length > 1 ? shape[1..].Aggregate(1L, (product, size) => product * size) : 0;
        return NoiseFunction.Apply(
            new MaskedNoise(
                draw.Stream, draw.DropRate, new MaskLaw(draw.DropRate.InvertedScale), shape.SequenceEqual(TensorMemory.Shape(input)) ? null : shape,
                draw.IsSharedByRows ? 0 : draw.FirstRow * perRow),
            input);
    }

    // Whoever lists the model's sites sees the learned rate.
    private void SynchronizeRate()
    {
        // A learned rate may round to 1, at which nothing could be scaled back.
        _site.DropRate = Math.Min(DropRate, 1 - 1e-9);
    }
}
