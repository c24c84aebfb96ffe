using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A GRU whose hidden-to-hidden weights are dropped in training, one mask a sequence.</summary>
/// <remarks>
/// <para>
/// In training every weight that leads from a hidden state to the next is dropped with the drop rate's probability, the same for all time steps and rows of
/// a batch; kept ones are divided by p. In evaluation TorchSharp's own GRU runs. Merity, Keskar and Socher, "Regularizing and optimizing LSTM language models",
/// ICLR 2018, section 3.
/// </para>
/// <para>
/// The wrapped GRU keeps its weights and their names, under <c>gru</c>. It must be made with dropout 0; put <see cref="LockedDropout"/> between layers
/// instead. A training pass is a loop over time with libtorch's operations, since TorchSharp's GRU cannot be given other weights. Packed sequences are not taken.
/// </para>
/// </remarks>
public sealed class WeightDropGRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private const string InnerName = "gru";
    private const string SiteName = "site";

    [ComponentName(Name = InnerName)]
    private readonly GRU _inner;

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private readonly RecurrentWeights _weights;

    /// <summary>Weight dropping around a GRU.</summary>
    /// <param name="gru">The GRU; the module owns it, as its child <c>gru</c>.</param>
    /// <param name="dropRate">The probability that a weight is dropped, in [0, 1].</param>
    /// <param name="scaling">When kept weights are scaled.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The GRU has dropout of its own between its layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the scaling is none of its enumeration's.</exception>
    public WeightDropGRU(GRU gru, double dropRate = 0.5, Scaling scaling = Scaling.Inverted, ulong? seed = null, uint site = 0)
        : base(nameof(WeightDropGRU))
    {
        if (!Enum.IsDefined(scaling))
        {
            throw new ArgumentOutOfRangeException(nameof(scaling), scaling, $"Scaling must be Inverted or AtInference; received {scaling}.");
        }

        _weights = RecurrentWeights.Of(gru);
        _inner = gru;
        _site = new DropoutSite(dropRate, seed, site);
        Scaling = scaling;
        register_module(InnerName, _inner);
        register_module(SiteName, _site);
    }

    /// <summary>When kept weights are scaled.</summary>
    public Scaling Scaling { get; }

    /// <summary>The GRU whose weights are dropped.</summary>
    public GRU Inner => _inner;

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
    /// The masks of the latest stochastic pass as a new bool tensor of shape (layers·directions, 3·H, H) on the CPU, true where a weight was kept; null before the
    /// first.
    /// </summary>
    public Tensor? CurrentMask => _site.LatestMask(
        draw => RecurrentSites.Masks(draw, _weights.Chains, _weights.Parameter("weight_hh", 0).shape, hasRows: false));

    /// <summary>Runs a batch of sequences.</summary>
    /// <param name="input">(T, N, F), or (N, T, F) where the GRU has the batch first.</param>
    /// <param name="state">Hidden states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states over time, and the last hidden states (layers·directions, N, H).</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? state = null)
    {
        RecurrentLoop.CheckInput(_weights, input, nameof(WeightDropGRU));
        SiteDraw draw = _site.Draw();
        bool isPlain = draw.IsStochastic ? draw.DropRate.KeepsAll && draw.Mask is null : Scaling == Scaling.Inverted || DropRate.KeepsAll;
        if (isPlain)
        {
            return _inner.call(input, state!); // null is the state's default
        }

        RecurrentNoise noise = draw.IsStochastic
            ? new WeightDropNoise(draw, _weights.Chains, Scaling == Scaling.Inverted ? draw.DropRate.InvertedScale : 1)
            : new MeanWeightNoise(DropRate.KeepProbability);
        return RecurrentLoop.Gru(_weights, input, state, noise);
    }

    /// <inheritdoc cref="forward"/>
    public new (Tensor, Tensor) call(Tensor input, Tensor? state = null) => base.call(input, state);
}
