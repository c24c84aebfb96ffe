using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>An LSTM whose units keep their old values at random from one time step to the next.</summary>
/// <remarks>
/// <para>
/// In training each hidden unit and each cell takes its new value with the keep probability and otherwise stays what it was, drawn anew for every row and time
/// step; in evaluation it becomes <c>p·next + r·previous</c>. Nothing is scaled. Krueger et al., "Zoneout: regularizing RNNs by randomly preserving hidden
/// activations", ICLR 2017; for characters of Penn Treebank they use 0.5 for cells and 0.05 for states.
/// </para>
/// <para>
/// The wrapped LSTM keeps its weights and their names, under <c>lstm</c>; it must be made with dropout 0. Both modes are a loop over time with libtorch's
/// operations. Packed sequences are not taken.
/// </para>
/// </remarks>
public sealed class ZoneoutLSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private const string InnerName = "lstm";
    private const string CellSiteName = "cell_site";
    private const string StateSiteName = "state_site";

    [ComponentName(Name = InnerName)]
    private readonly LSTM _inner;

    [ComponentName(Name = CellSiteName)]
    private readonly DropoutSite _cellSite;

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private readonly RecurrentWeights _weights;
    private long[]? _lastShape;

    /// <summary>Zoneout around an LSTM.</summary>
    /// <param name="lstm">The LSTM; the module owns it, as its child <c>lstm</c>.</param>
    /// <param name="cellDropRate">The probability that a cell keeps its old value, in [0, 1].</param>
    /// <param name="stateDropRate">The probability that a hidden unit keeps its old value, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one for each of the two sites from torch's own generator.</param>
    /// <param name="site">The number of the states' site; the cells' is the next. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The LSTM has dropout of its own between its layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public ZoneoutLSTM(LSTM lstm, double cellDropRate = 0.5, double stateDropRate = 0.05, ulong? seed = null, uint site = 0)
        : base(nameof(ZoneoutLSTM))
    {
        _weights = RecurrentWeights.Of(lstm);
        _inner = lstm;
        _stateSite = new DropoutSite(stateDropRate, seed, site);
        _cellSite = new DropoutSite(cellDropRate, seed, site + 1);
        register_module(InnerName, _inner);
        register_module(StateSiteName, _stateSite);
        register_module(CellSiteName, _cellSite);
    }

    /// <summary>The LSTM that is run.</summary>
    public LSTM Inner => _inner;

    /// <summary>Where masks of hidden states are drawn, of shape (layers·directions, N, T, H) where they are given.</summary>
    public DropoutSite StateSite => _stateSite;

    /// <summary>Where masks of cells are drawn, of shape (layers·directions, N, T, H) where they are given.</summary>
    public DropoutSite CellSite => _cellSite;

    /// <summary>The probability that a cell keeps its old value, in [0, 1]; may be changed between steps.</summary>
    public DropRate CellDropRate
    {
        get => _cellSite.DropRate;
        set => _cellSite.DropRate = value;
    }

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

    /// <summary>
    /// The masks of cells in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, T, H) on the CPU, true where the new value was taken; null before the first.
    /// </summary>
    public Tensor? CurrentCellMask => RecurrentSites.Latest(_cellSite, _weights.Chains, _lastShape);

    /// <summary>Runs a batch of sequences.</summary>
    /// <param name="input">(T, N, F), or (N, T, F) where the LSTM has the batch first.</param>
    /// <param name="state">Hidden and cell states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states over time, and the last hidden and cell states (layers·directions, N, H).</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? state = null)
    {
        RecurrentLoop.CheckInput(_weights, input, nameof(ZoneoutLSTM));
        long steps = input.shape[_weights.BatchFirst ? 1 : 0];
        SiteDraw stateDraw = _stateSite.Draw(), cellDraw = _cellSite.Draw();
        _lastShape = stateDraw.IsStochastic || cellDraw.IsStochastic ? [input.shape[_weights.BatchFirst ? 0 : 1], steps, _weights.HiddenSize] : _lastShape;
        var noise = new ZoneoutNoise(stateDraw, cellDraw, StateDropRate, CellDropRate, _weights.Chains, steps);
        return RecurrentLoop.Lstm(_weights, input, state, noise);
    }

    /// <inheritdoc cref="forward"/>
    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? state = null) => base.call(input, state);
}
