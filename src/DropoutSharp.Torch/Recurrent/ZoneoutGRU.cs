using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

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
/// operations. Packed sequences are not taken.
/// </para>
/// </remarks>
public sealed class ZoneoutGRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private const string InnerName = "gru";
    private const string StateSiteName = "state_site";

    [ComponentName(Name = InnerName)]
    private readonly GRU _inner;

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private readonly RecurrentWeights _weights;
    private long[]? _lastShape;

    /// <summary>Zoneout around a GRU.</summary>
    /// <param name="gru">The GRU; the module owns it, as its child <c>gru</c>.</param>
    /// <param name="stateDropRate">The probability that a hidden unit keeps its old value, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The GRU has dropout of its own between its layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public ZoneoutGRU(GRU gru, double stateDropRate = 0.1, ulong? seed = null, uint site = 0)
        : base(nameof(ZoneoutGRU))
    {
        _weights = RecurrentWeights.Of(gru);
        _inner = gru;
        _stateSite = new DropoutSite(stateDropRate, seed, site);
        register_module(InnerName, _inner);
        register_module(StateSiteName, _stateSite);
    }

    /// <summary>The GRU that is run.</summary>
    public GRU Inner => _inner;

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
    public Tensor? CurrentStateMask => RecurrentSites.Latest(_stateSite, _weights.Chains, _lastShape);

    /// <summary>Runs a batch of sequences.</summary>
    /// <param name="input">(T, N, F), or (N, T, F) where the GRU has the batch first.</param>
    /// <param name="state">Hidden states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states over time, and the last hidden states (layers·directions, N, H).</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? state = null)
    {
        RecurrentLoop.CheckInput(_weights, input, nameof(ZoneoutGRU));
        long steps = input.shape[_weights.BatchFirst ? 1 : 0];
        SiteDraw stateDraw = _stateSite.Draw();
        _lastShape = stateDraw.IsStochastic ? [input.shape[_weights.BatchFirst ? 0 : 1], steps, _weights.HiddenSize] : _lastShape;
        var noise = new ZoneoutNoise(stateDraw, default, StateDropRate, default, _weights.Chains, steps);
        return RecurrentLoop.Gru(_weights, input, state, noise);
    }

    /// <inheritdoc cref="forward"/>
    public new (Tensor, Tensor) call(Tensor input, Tensor? state = null) => base.call(input, state);
}
