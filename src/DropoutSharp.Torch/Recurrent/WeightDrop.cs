using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A recurrent network whose hidden-to-hidden weights are dropped in training, one mask a sequence: what its forms for LSTM and GRU share.</summary>
/// <typeparam name="TLayer">LSTM or GRU.</typeparam>
/// <typeparam name="TState">What a pass starts from.</typeparam>
/// <typeparam name="TResult">The hidden states over time, and the last states.</typeparam>
/// <remarks>
/// <para>
/// In training every weight that leads from a hidden state to the next is dropped with the drop rate's probability, the same for all time steps and rows of a batch; kept ones are divided by p. In
/// evaluation TorchSharp's own network runs. With <see cref="Scaling.AtInference"/> kept weights are not scaled, and evaluation runs with p times the weights. Merity, Keskar and Socher, "Regularizing and
/// optimizing LSTM language models", ICLR 2018, section 3.
/// </para>
/// <para>
/// With whole rows, one draw decides about all weights that lead into one gate of one unit, which then sees nothing of the states before: <c>variational=True</c> of the paper's code, which
/// drops them in evaluation too.
/// </para>
/// <para>Put <see cref="LockedDropout"/> between the layers of a deeper network.</para>
/// </remarks>
public abstract class WeightDrop<TLayer, TState, TResult> : RecurrentDropout<TLayer, TState, TResult>, IMaskedSites
    where TLayer : nn.Module
{
    private const string SiteName = "site";

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private protected WeightDrop(
        string name, string innerName, TLayer inner, RecurrentLayer<TState, TResult> layer, double dropRate, Scaling scaling, bool wholeRows, ulong? seed, uint site)
        : base(name, innerName, inner, layer)
    {
        _site = new DropoutSite(dropRate, seed, site);
        Scaling = scaling.Checked();
        WholeRows = wholeRows;
        register_module(SiteName, _site);
    }

    /// <summary>When kept weights are scaled.</summary>
    public Scaling Scaling { get; }

    /// <summary>Whether a weight's row, all that leads into one gate of one unit, is kept or dropped as a whole.</summary>
    public bool WholeRows { get; }

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
    /// The masks of the latest stochastic pass as a new bool tensor of shape (layers·directions, gates·H, H) on the CPU, or (layers·directions, gates·H, 1) where whole rows are dropped, true where a weight
    /// was kept; null before the first. An LSTM has four gates, a GRU three.
    /// </summary>
    public Tensor? CurrentMask => _site.LatestMask(draw => RecurrentSites.Masks(draw, Weights.Chains, MaskShape, hasRows: false));

    private protected override RecurrentNoise? Noise(Tensor input)
    {
        SiteDraw draw = _site.Draw();
        if (!draw.IsStochastic)
        {
            return Scaling == Scaling.Inverted || DropRate.KeepsAll ? null : new MeanWeightNoise(DropRate.KeepProbability);
        }

        return draw.DropRate.KeepsAll && draw.Mask is null
            ? null
            : new WeightDropNoise(draw, Weights.Chains, MaskShape, Scaling == Scaling.Inverted ? draw.DropRate.InvertedScale : 1);
    }

    private long[] MaskShape
    {
        get
        {
            long[] shape = Weights.Parameter("weight_hh", 0).shape;
            return WholeRows ? [shape[0], 1] : shape;
        }
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
