using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A layer of which single weights are dropped in training, instead of units.</summary>
/// <remarks>
/// <para>
/// In training <c>y = a((W∘M)·x/p + b)</c> with a Bernoulli mask M of the weight's shape, one a batch or one a row; the gradient reaches kept weights only. In evaluation the mean weights, or the mean
/// of the activation over a Gaussian with the moments <c>mean = W·x + b</c> and <c>variance = (r/p)·(W∘W)·(x∘x)</c>. With <see cref="Scaling.AtInference"/>, the paper's form, kept weights are not
/// scaled, and the moments are <c>p·W·x + b</c> and <c>p·r·(W∘W)·(x∘x)</c>. Wan, Zeiler, Zhang, LeCun and Fergus, "Regularization of neural networks using DropConnect", ICML 2013.
/// </para>
/// <para>Gaussian inference draws from a key derived from the site's: repeated evaluation gives repeated results.</para>
/// </remarks>
public sealed class DropConnect : nn.Module<Tensor, Tensor>, IMaskedSites
{
    private const string LayerName = "layer";
    private const string SiteName = "site";
    private const string ActivationName = "activation";
    private const ulong InferenceTag = 0x57616E; // "Wan"

    // Biases take mask elements that no weight reaches.
    private const long FirstBiasElement = 1L << 61;

    [ComponentName(Name = LayerName)]
    private readonly nn.Module<Tensor, Tensor> _layer;

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    [ComponentName(Name = ActivationName)]
    private readonly nn.Module<Tensor, Tensor>? _activation;

    private readonly WeightedLayer _weighted;
    private long _lastRows = 1;

    /// <summary>DropConnect around a layer.</summary>
    /// <param name="layer">A Linear, Conv1d, Conv2d or Conv3d; the module owns it, as its child <c>layer</c>.</param>
    /// <param name="dropRate">The probability that a weight is dropped, in [0, 1].</param>
    /// <param name="options">How masks are drawn and what is computed in evaluation; null for one mask a batch and mean weights.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The layer is of another kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or an option is out of its range.</exception>
    public DropConnect(
        nn.Module<Tensor, Tensor> layer, double dropRate = 0.5, DropConnectOptions? options = null, ulong? seed = null, uint site = 0)
        : base(nameof(DropConnect))
    {
        _weighted = new WeightedLayer(layer);
        Options = options ?? new DropConnectOptions();
        Check(Options);
        _layer = layer;
        _site = new DropoutSite(dropRate, seed, site);
        _activation = Options.Activation;
        register_module(LayerName, _layer);
        register_module(SiteName, _site);
        if (_activation is not null)
        {
            register_module(ActivationName, _activation);
        }
    }

    /// <summary>How masks are drawn and what is computed in evaluation.</summary>
    public DropConnectOptions Options { get; }

    /// <summary>The layer whose weights are dropped.</summary>
    public nn.Module<Tensor, Tensor> Layer => _layer;

    /// <summary>Where the module draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The probability that a weight is dropped, in [0, 1]; may be changed between steps.</summary>
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
    /// The weights' mask of the latest stochastic pass as a new bool tensor on the CPU, true where a weight was kept: of the weight's shape, behind the number of rows where each has its own.
    /// Null before the first.
    /// </summary>
    public Tensor? CurrentMask => _site.LatestMask(draw => MaskedNoise.MaskTensor(
        draw.Stream,
        draw.DropRate,
        IsPerRow(draw) ? [_lastRows, .. TensorMemory.Shape(_weighted.Weight)] : TensorMemory.Shape(_weighted.Weight),
        FirstWeight(draw),
        CPU));

    /// <summary>One pass through the layer.</summary>
    /// <param name="input">What the layer takes.</param>
    /// <returns>What the layer gives, after the activation where there is one.</returns>
    /// <exception cref="ArgumentException">The element type or the shape is none that can be taken, or a given mask does not fit.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _weighted.CheckInput(input);
        SiteDraw draw = _site.Draw();
        using DisposeScope scope = NewDisposeScope();
        if (!draw.IsStochastic)
        {
            return Evaluate(input).MoveToOuterDisposeScope();
        }

        _lastRows = _weighted.IsBatched(input) ? input.size(0) : 1;
        return Activate(Stochastic(input, draw)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean and variance, over all masks, of what the layer gives before its activation.</summary>
    /// <param name="input">What the layer takes.</param>
    /// <returns>Two tensors of the layer's output shape.</returns>
    /// <exception cref="ArgumentException">The element type or the shape is none that can be taken.</exception>
    public (Tensor Mean, Tensor Variance) Moments(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _weighted.CheckInput(input);
        double keep = DropRate.KeepProbability, drop = DropRate.Value;
        bool inverted = Options.Scaling == Scaling.Inverted;

        // Per unit of squared weight: a kept weight counts 1/p or 1, a dropped one nothing. With rate 1 every weight is 0 for certain.
        double variancePerSquare = DropRate.DropsAll ? 0 : inverted ? drop / keep : keep * drop;
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = MeanPass(input);
        Tensor weight = _weighted.Weight, inputSquare = input.Squared();
        Tensor variance = _weighted.Call(inputSquare, weight.Squared().Times(variancePerSquare), null);
        if (Options.DropBias && _weighted.Bias is Tensor bias)
        {
            Tensor biasVariance = bias.Squared().Times(variancePerSquare);
            variance = variance.Plus(_layer is TorchSharp.Modules.Linear
                ? biasVariance
                : biasVariance.reshape([-1, .. Enumerable.Repeat(1L, (int)weight.dim() - 2)]));
        }

        return (mean.MoveToOuterDisposeScope(), variance.MoveToOuterDisposeScope());
    }

    private static void Check(DropConnectOptions options)
    {
        _ = options.Scaling.Checked(name: nameof(options));
        if (!Enum.IsDefined(options.Inference))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Inference, $"Inference must be MeanWeights or GaussianMoments; received {options.Inference}.");
        }

        if (options.Samples < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Samples, $"Samples must be at least 1; received {options.Samples}.");
        }
    }

    private static Tensor Noisy(Tensor mean, Tensor deviation, MaskStream stream)
    {
        float[] normals = new float[mean.numel()];
        stream.FillNormal(normals);
        return mean.Plus(deviation * tensor(normals).reshape(TensorMemory.Shape(mean)).to(mean.dtype, mean.device));
    }

    private bool IsPerRow(SiteDraw draw) => Options.PerSample && !draw.IsSharedByRows;

    private long FirstWeight(SiteDraw draw) => IsPerRow(draw) ? checked(draw.FirstRow * _weighted.Weight.numel()) : 0;

    private Tensor Activate(Tensor output) => _activation is null ? output : _activation.call(output);

    private Tensor Stochastic(Tensor input, SiteDraw draw)
    {
        Tensor weight = _weighted.Weight;
        Tensor? bias = _weighted.Bias;
        if (draw.Mask is null && draw.DropRate.KeepsAll)
        {
            return _layer.call(input);
        }

        var law = new MaskLaw(Options.Scaling == Scaling.Inverted ? draw.DropRate.InvertedScale : 1);
        bool perRow = draw.Mask is Tensor given ? given.dim() > weight.dim() : IsPerRow(draw);
        Tensor weights = perRow ? weight.unsqueeze(0).expand([_lastRows, .. TensorMemory.Shape(weight)]) : weight;
        Tensor dropped = draw.Mask is Tensor mask
            ? GivenMask.Apply(mask, weights, law, inPlace: false)
            : NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, law, null, FirstWeight(draw)), weights);
        if (bias is not null)
        {
            Tensor biases = perRow ? bias.unsqueeze(0).expand(_lastRows, bias.size(0)) : bias;
            long first = FirstBiasElement + (perRow ? checked(draw.FirstRow * bias.size(0)) : 0);
            bias = Options.DropBias && draw.Mask is null
                ? NoiseFunction.Apply(new MaskedNoise(draw.Stream, draw.DropRate, law, null, first), biases)
                : biases;
        }

        return perRow ? _weighted.CallPerRow(input, dropped, bias) : _weighted.Call(input, dropped, bias);
    }

    private Tensor MeanPass(Tensor input)
    {
        // With rate 1 the inverted form's weights are 0 in training, and the classic form's mean is 0 too.
        double factor = Options.Scaling == Scaling.AtInference ? DropRate.KeepProbability : 1;
        if (factor == 1)
        {
            return _layer.call(input);
        }

        Tensor? bias = Options.DropBias && _weighted.Bias is Tensor own ? own.Times(factor) : _weighted.Bias;
        return _weighted.Call(input, _weighted.Weight.Times(factor), bias);
    }

    private Tensor Evaluate(Tensor input)
    {
        if (Options.Inference == DropConnectInference.MeanWeights || _activation is null || DropRate.KeepsAll)
        {
            return Activate(MeanPass(input));
        }

        (Tensor mean, Tensor variance) = Moments(input);
        Tensor deviation = variance.sqrt();
        MaskStream stream = Position.Derive(InferenceTag);
        Tensor? sum = null;
        for (int sample = 0; sample < Options.Samples; sample++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor activated = Activate(Noisy(mean, deviation, stream with { Step = (uint)sample }));
            Tensor next = sum is null ? activated : sum.Plus(activated);
            sum?.Dispose();
            sum = next.MoveToOuterDisposeScope();
        }

        return sum!.Over(Options.Samples); // there is at least one sample
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
