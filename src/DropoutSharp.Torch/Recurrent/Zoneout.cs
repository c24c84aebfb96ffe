using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Keeps units of a recurrent state at their old value at random, instead of setting them to zero.</summary>
/// <remarks>
/// <para>
/// In training <c>y = m∘next + (1 − m)∘previous</c> with a Bernoulli mask m of the state's shape, drawn anew in every call, and so at every time step; in evaluation <c>p·next + r·previous</c>. Nothing is scaled. Krueger et al.,
/// "Zoneout: regularizing RNNs by randomly preserving hidden activations", ICLR 2017. <see cref="ZoneoutLSTM"/> and <see cref="ZoneoutGRU"/> do it over a whole sequence.
/// </para>
/// <para>It selects: what is not taken leaves nothing, NaN neither, and each gradient goes where the value came from.</para>
/// </remarks>
public sealed class Zoneout : nn.Module<Tensor, Tensor, Tensor>, IMaskedSites
{
    private const string SiteName = "site";

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    private long[]? _lastShape;

    /// <summary>A zoneout layer.</summary>
    /// <param name="dropRate">The probability that a unit keeps its old value, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public Zoneout(double dropRate = 0.1, ulong? seed = null, uint site = 0)
        : base(nameof(Zoneout))
    {
        _site = new DropoutSite(dropRate, seed, site);
        register_module(SiteName, _site);
    }

    /// <summary>Where the module draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The probability that a unit keeps its old value, in [0, 1]; may be changed between steps.</summary>
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

    /// <summary>The mask of the latest stochastic pass as a new bool tensor on the CPU, true where the new value was taken; null before the first.</summary>
    public Tensor? CurrentMask => _lastShape is null ? null : _site.LatestMask(draw => Mask(draw, _lastShape));

    /// <summary>Mixes a new state with the old one.</summary>
    /// <param name="previous">The old state, a floating-point tensor whose first dimension counts rows.</param>
    /// <param name="next">The new state, of the same shape and type.</param>
    /// <returns>The state to go on with.</returns>
    /// <exception cref="ArgumentException">The states differ in shape or type, or their type is none that can be taken.</exception>
    public override Tensor forward(Tensor previous, Tensor next)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(next);
        DropoutModule.CheckElementType(next);
        if (previous.dtype != next.dtype || !TensorMemory.Shape(previous).AsSpan().SequenceEqual(TensorMemory.Shape(next)))
        {
            throw new ArgumentException(
                $"States of {nameof(Zoneout)} must have one type and shape; received {previous.dtype} [{string.Join(", ", previous.shape)}] "
                + $"and {next.dtype} [{string.Join(", ", TensorMemory.Shape(next))}].");
        }

        SiteDraw draw = _site.Draw();
        if (!draw.IsStochastic)
        {
            return DropRate.KeepsAll ? next.alias() : Mean(previous, next, DropRate);
        }

        _lastShape = TensorMemory.Shape(next);
        if (draw.Mask is null && draw.DropRate.KeepsAll)
        {
            return next.alias();
        }

        if (draw.Mask is Tensor given)
        {
            if (given.dtype != ScalarType.Bool)
            {
                throw new ArgumentException($"Mask must be a bool tensor, true where the new value is taken; received {given.dtype}.");
            }

            GivenMask.CheckBroadcasts(given, next);
        }

        using Tensor mask = draw.Mask?.to(next.device) ?? Mask(draw, TensorMemory.Shape(next)).to(next.device);
        return where(mask, next, previous);
    }

    /// <summary>The expectation over masks.</summary>
    internal static Tensor Mean(Tensor previous, Tensor next, DropRate dropRate) =>
        dropRate.KeepsAll ? next : dropRate.DropsAll ? previous.alias() : next.lerp(previous, dropRate.Value);

    private static Tensor Mask(SiteDraw draw, long[] shape) =>
        shape.Length == 0
            ? MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, shape, 0, CPU)
            : RecurrentSites.Mask(draw, 0, shape, hasRows: shape.Length > 1);

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
