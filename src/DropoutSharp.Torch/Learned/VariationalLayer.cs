using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A layer that learns Gaussian noise on its weights: what variational dropout's layers share.</summary>
/// <remarks>
/// <para>
/// In training, independent weights <c>w ~ N(θ, σ²)</c> are not drawn: their sum is, <c>y ~ N(x·θ, x²·σ²)</c>, one draw an output element (the local
/// reparameterisation of Kingma, Salimans and Welling 2015), which has a lower gradient variance than drawn weights. In evaluation the
/// mean θ is used. While the site is sampled with masks shared by rows, weights are drawn once, so that all rows see one network.
/// </para>
/// <para>
/// The price of the noise is <see cref="Divergence"/>; <see cref="LearnedRegularizer"/> sums it over a model. Inputs are
/// float32 or float64, of the weights' own type.
/// </para>
/// </remarks>
public abstract class VariationalLayer : nn.Module<Tensor, Tensor>, ILearnedDropout
{
    private const double LogAlphaLimit = 8;
    private const double Tiny = 1e-8;

    [ComponentName(Name = "weight")]
    private Parameter _weight;

    [ComponentName(Name = "bias")]
    private Parameter? _bias;

    // Sparse: ln σ² of each weight. Types A and B: ln α, in a shape that broadcasts.
    [ComponentName(Name = "noise")]
    private Parameter _noise;

    [ComponentName(Name = "kept")]
    private Tensor _kept;

    [ComponentName(Name = "site")]
    private readonly DropoutSite _site;

    private readonly VariationalOptions _options;

    private protected VariationalLayer(
        string name, long[] weightShape, bool hasBias, VariationalOptions options, ulong? seed, uint site)
        : base(name)
    {
        options.Check();
        _options = options;
        long fanIn = weightShape[1..].Aggregate(1L, (product, size) => product * size);
        double bound = 1 / Math.Sqrt(fanIn);
        _site = new DropoutSite(options.InitialAlpha / (1 + options.InitialAlpha), seed, site, canDropAll: false);
        _weight = new Parameter(empty(weightShape).uniform_(-bound, bound));
        register_parameter("weight", _weight);
        if (hasBias)
        {
            _bias = new Parameter(empty(weightShape[0]).uniform_(-bound, bound));
            register_parameter("bias", _bias);
        }

        bool isSparse = options.Kind == VariationalKind.Sparse;
        using Scalar initial = isSparse ? options.InitialLogVariance : Math.Log(options.InitialAlpha);
        _noise = new Parameter(full(isSparse ? weightShape : AlphaShape(weightShape, options), initial));
        register_parameter("noise", _noise);
        _kept = ones(weightShape, ScalarType.Bool);
        register_buffer("kept", _kept);
        register_module("site", _site);
    }

    /// <summary>The mean θ of the weights, as in the plain layer.</summary>
    public Parameter Weight => _weight;

    /// <summary>The bias, without noise; null where there is none.</summary>
    public Parameter? Bias => _bias;

    /// <summary>The noise parameter: ln σ² of each weight for sparse noise, otherwise ln α.</summary>
    public Parameter Noise => _noise;

    /// <summary>Where the layer draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>What noise the layer learns.</summary>
    public VariationalOptions Options => _options;

    /// <summary>Which weights are left, true or false; pruned ones are zero in every pass.</summary>
    public Tensor Kept => _kept;

    /// <summary>How many weights there are.</summary>
    public long WeightCount => _kept.numel();

    /// <summary>How many weights are left.</summary>
    public long KeptCount => _kept.sum().item<long>();

    /// <inheritdoc/>
    /// <remarks>The mean over the weights that are left of <c>α/(1 + α)</c>.</remarks>
    public double LearnedRate
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGradient = no_grad();
            Tensor rates = LogAlpha().sigmoid().expand(_weight.dim() == _noise.dim() ? TensorMemory.Shape(_weight) : TensorMemory.Shape(_noise));
            Tensor kept = TensorMemory.Shape(rates).SequenceEqual(TensorMemory.Shape(_kept)) ? rates.masked_select(_kept) : rates;
            return kept.numel() == 0 ? 0 : kept.mean().to(ScalarType.Float64).item<double>();
        }
    }

    /// <summary>ln α of each weight, or in a shape that broadcasts to the weights: what pruning goes by.</summary>
    /// <returns>A tensor with a gradient; sparse: in [−8, 8], types A and B: at most 0.</returns>
    public Tensor LogAlpha() => _options.Kind == VariationalKind.Sparse
        ? (_noise - _weight.Squared().Plus(Tiny).log()).Clamped(-LogAlphaLimit, LogAlphaLimit)
        : _noise.Clamped(double.NegativeInfinity, 0);

    /// <inheritdoc/>
    /// <remarks>
    /// Sparse: <see cref="VariationalDivergence.Sigmoid"/>, summed over the weights that are left. Types A and B: <see cref="VariationalDivergence.Cubic"/>, summed
    /// over what has noise of its own: inputs for type A, weights for type B. The log-uniform prior has no length scale. Its first derivatives are those; a second one through it is 0
    /// for float32 on the CPU, where one kernel gives the sum and its gradients.
    /// </remarks>
    public Tensor Divergence(double lengthScale)
    {
        if (SummedDivergence.Fits(_weight, _noise) && _noise.numel() == _kept.numel() && _options.Kind != VariationalKind.TypeA)
        {
            return _options.Kind == VariationalKind.Sparse ? SummedDivergence.Sigmoid(_weight, _noise, _kept) : SummedDivergence.Cubic(_noise, _kept);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor logAlpha = LogAlpha();
        if (_options.Kind == VariationalKind.Sparse)
        {
            return (VariationalDivergence.Sigmoid(logAlpha) * _kept).sum().MoveToOuterDisposeScope();
        }

        // An α that several noises share is paid for by each of them.
        Tensor each = VariationalDivergence.Cubic(logAlpha);
        Tensor sum = _options.Kind == VariationalKind.TypeB
            ? (each.expand(TensorMemory.Shape(_weight)) * _kept).sum()
            : each.sum().Times((double)_weight.size(1) * Groups / _noise.numel());
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Takes out every weight that is mostly noise: from now on it is zero in every pass.</summary>
    /// <param name="logAlphaThreshold">Weights with ln α above this are taken out; 3 in the paper, a drop rate of 0.95.</param>
    /// <returns>How many are left.</returns>
    /// <exception cref="InvalidOperationException">The noise is not sparse: α is at most 1, and no weight is mostly noise.</exception>
    public long Prune(double logAlphaThreshold = 3)
    {
        if (_options.Kind != VariationalKind.Sparse)
        {
            throw new InvalidOperationException($"Pruning needs sparse noise; received {_options.Kind}, whose alpha is at most 1.");
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using Scalar threshold = logAlphaThreshold;
        _kept.logical_and_(LogAlpha().le(threshold));
        _weight.mul_(_kept);
        SynchronizeRate();
        return KeptCount;
    }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        SynchronizeRate();
    }

    /// <summary>One pass: with noise in training, or while the site is sampled; otherwise with the mean weights.</summary>
    /// <param name="input">A tensor that the plain layer takes.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SiteDraw draw = _site.Draw();
        using DisposeScope scope = NewDisposeScope();
        bool isWhole = TensorMemory.IsForKernels(_kept) && _kept.all().item<bool>();
        Tensor mean = isWhole ? _weight : _weight * _kept;
        if (!draw.IsStochastic)
        {
            return Operate(input, mean, _bias).MoveToOuterDisposeScope();
        }

        if (draw.Mask is not null)
        {
            throw new NotSupportedException("A variational layer draws continuous noise and takes no mask; received one.");
        }

        Tensor output = _options.Kind == VariationalKind.TypeA
            ? Operate(input * InputNoise(input, draw), mean, _bias)
            : draw.IsSharedByRows
                ? Operate(input, mean.Plus(Deviation() * NormalLike(_weight, draw with { IsSharedByRows = false, FirstRow = 0 })), _bias)
                : LocallyReparameterised(input, mean, isWhole, draw);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>The plain layer without noise, with weights and bias of its own; pruned weights are zeros.</summary>
    public abstract nn.Module<Tensor, Tensor> ToDense();

    /// <summary>How many groups the inputs are in: 1 but for grouped convolutions.</summary>
    protected virtual long Groups => 1;

    /// <summary>The plain layer's operation.</summary>
    /// <param name="input">The input.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="bias">The bias; null for none.</param>
    protected abstract Tensor Operate(Tensor input, Tensor weight, Tensor? bias);

    /// <summary>Copies weights and bias into the plain layer.</summary>
    private protected nn.Module<Tensor, Tensor> CopyTo(nn.Module<Tensor, Tensor> plain)
    {
        using IDisposable noGradient = no_grad();
        plain.to(_weight.device).to(_weight.dtype);
        foreach ((string name, Parameter parameter) in plain.named_parameters())
        {
            parameter.copy_(name == "weight" ? _weight * _kept : _bias!);
        }

        return plain;
    }

    private static long[] AlphaShape(long[] weight, VariationalOptions options) => options.Sharing switch
    {
        VariationalSharing.Weight => weight,
        VariationalSharing.Layer => [.. Enumerable.Repeat(1L, weight.Length)],

        // Type A has noise on inputs, the second dimension of the weights; type B on outputs, the first.
        _ when options.Kind == VariationalKind.TypeA => [1, weight[1], .. Enumerable.Repeat(1L, weight.Length - 2)],
        _ => [weight[0], .. Enumerable.Repeat(1L, weight.Length - 1)],
    };

    private Tensor Deviation() => _options.Kind == VariationalKind.Sparse
        ? _noise.Times(0.5).exp() * _kept
        : LogAlpha().Times(0.5).exp() * _weight.abs() * _kept;

    private Tensor LocallyReparameterised(Tensor input, Tensor mean, bool isWhole, SiteDraw draw)
    {
        Tensor variance = _options.Kind != VariationalKind.Sparse ? LogAlpha().exp() * mean.Squared() : isWhole ? _noise.exp() : _noise.exp() * _kept;
        Tensor output = Operate(input, mean, _bias);

        // The square root has no gradient at 0, where a row of zeros comes in.
        Tensor deviation = Operate(input.Squared(), variance, null).Plus(Tiny).sqrt();
        return output.Plus(deviation * NormalLike(output, draw));
    }

    private Tensor InputNoise(Tensor input, SiteDraw draw)
    {
        Tensor deviation = LogAlpha().Times(0.5).exp();
        if (_noise.numel() > 1)
        {
            // (1, inputs, 1…) for convolutions, whose inputs may be in groups; (1, inputs) for a linear layer, whose inputs come last.
            deviation = _weight.dim() == 2 ? deviation.reshape(-1) : deviation.repeat([1, Groups, .. Enumerable.Repeat(1L, (int)_weight.dim() - 2)]);
        }
        else
        {
            deviation = deviation.reshape(1);
        }

        return (deviation * NormalLike(input, draw)).Plus(1);
    }

    private static Tensor NormalLike(Tensor tensor, SiteDraw draw)
    {
        using IDisposable noGradient = no_grad();
        return LearnedNoise.Normal(draw, TensorMemory.Shape(tensor), tensor.dtype, tensor.device);
    }

    // Whoever lists the model's sites sees the learned rate.
    private void SynchronizeRate() => _site.DropRate = Math.Clamp(LearnedRate, 0, 1 - 1e-9);
}
