using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch;

/// <summary>A GRU whose units keep their old values at random from one time step to the next.</summary>
/// <remarks>
/// <para>
/// In training each hidden unit takes its new value with the keep probability and otherwise stays what it was, drawn anew for every row and time
/// step; in evaluation it becomes <c>p·next + r·previous</c>. Nothing is scaled. Krueger et al., "Zoneout: regularizing RNNs by randomly preserving hidden
/// activations", ICLR 2017.
/// </para>
/// <para>
/// The wrapped GRU keeps its weights and their names, under <c>gru</c>; it must be made with dropout 0. Both modes are a loop over time with libtorch's
/// operations.
/// </para>
/// </remarks>
public sealed class ZoneoutGRU : RecurrentDropout<GRU, Tensor?, (Tensor, Tensor)>, IMaskedSites
{
    private const string StateSiteName = "state_site";

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private long[]? _lastShape;

    /// <summary>Zoneout around a GRU.</summary>
    /// <param name="gru">The GRU; the module owns it, as its child <c>gru</c>.</param>
    /// <param name="stateDropRate">The probability that a hidden unit keeps its old value, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The GRU has dropout of its own between its layers, or a projection.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public ZoneoutGRU(GRU gru, double stateDropRate = 0.1, ulong? seed = null, uint site = 0)
        : base(nameof(ZoneoutGRU), "gru", gru, new GruLayer(gru))
    {
        _stateSite = new DropoutSite(stateDropRate, seed, site);
        register_module(StateSiteName, _stateSite);
    }

    /// <summary>Where masks of hidden states are drawn, of shape (layers·directions, N, T, H) where they are given.</summary>
    public DropoutSite StateSite => _stateSite;

    /// <summary>The probability that a hidden unit keeps its old value, in [0, 1]; may be changed between steps.</summary>
    public DropRate StateDropRate
    {
        get => _stateSite.DropRate;
        set => _stateSite.DropRate = value;
    }

    /// <summary>
    /// The masks of hidden states in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, T, H) on the CPU, true where the new value was taken; null before the first.
    /// </summary>
    public Tensor? CurrentStateMask => RecurrentSites.Latest(_stateSite, Weights.Chains, _lastShape);

    /// <summary>Runs packed sequences of different lengths.</summary>
    /// <param name="input">What <c>pack_padded_sequence</c> gives; masks are those of its padded form.</param>
    /// <param name="state">Hidden states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states, packed, and the hidden states behind the last time step of each sequence.</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public (PackedSequence Output, Tensor Hidden) call(PackedSequence input, Tensor? state = null)
    {
        (PackedSequence output, (Tensor, Tensor Hidden) result) = RunPacked(input, state, static result => result.Item1);
        return (output, result.Hidden);
    }

    private protected override RecurrentNoise Noise(Tensor input)
    {
        long steps = Steps(input);
        SiteDraw stateDraw = _stateSite.Draw();
        _lastShape = stateDraw.IsStochastic ? [Rows(input), steps, Weights.HiddenSize] : _lastShape;
        return new ZoneoutNoise(stateDraw, default, StateDropRate, default, Weights.Chains, steps);
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentStateMask;
}
