using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

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
/// operations.
/// </para>
/// </remarks>
public sealed class ZoneoutLSTM : RecurrentDropout<LSTM, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>, IMaskedSites
{
    private const string CellSiteName = "cell_site";
    private const string StateSiteName = "state_site";

    [ComponentName(Name = CellSiteName)]
    private readonly DropoutSite _cellSite;

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private long[]? _lastShape;

    /// <summary>Zoneout around an LSTM.</summary>
    /// <param name="lstm">The LSTM; the module owns it, as its child <c>lstm</c>.</param>
    /// <param name="cellDropRate">The probability that a cell keeps its old value, in [0, 1].</param>
    /// <param name="stateDropRate">The probability that a hidden unit keeps its old value, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one for each of the two sites from torch's own generator.</param>
    /// <param name="site">The number of the states' site; the cells' is the next. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The LSTM has dropout of its own between its layers, or a projection.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public ZoneoutLSTM(LSTM lstm, double cellDropRate = 0.5, double stateDropRate = 0.05, ulong? seed = null, uint site = 0)
        : base(nameof(ZoneoutLSTM), "lstm", lstm, new LstmLayer(lstm))
    {
        _stateSite = new DropoutSite(stateDropRate, seed, site);
        _cellSite = new DropoutSite(cellDropRate, seed, site + 1);
        register_module(StateSiteName, _stateSite);
        register_module(CellSiteName, _cellSite);
    }

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
    public Tensor? CurrentStateMask => RecurrentSites.Latest(_stateSite, Weights.Chains, _lastShape);

    /// <summary>
    /// The masks of cells in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, T, H) on the CPU, true where the new value was taken; null before the first.
    /// </summary>
    public Tensor? CurrentCellMask => RecurrentSites.Latest(_cellSite, Weights.Chains, _lastShape);

    /// <summary>Runs packed sequences of different lengths.</summary>
    /// <param name="input">What <c>pack_padded_sequence</c> gives; masks are those of its padded form.</param>
    /// <param name="state">Hidden and cell states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states, packed, and the hidden and cell states behind the last time step of each sequence.</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public (PackedSequence Output, Tensor Hidden, Tensor Cell) call(PackedSequence input, (Tensor, Tensor)? state = null)
    {
        (PackedSequence output, (Tensor, Tensor Hidden, Tensor Cell) result) = RunPacked(input, state, static result => result.Item1);
        return (output, result.Hidden, result.Cell);
    }

    private protected override RecurrentNoise Noise(Tensor input)
    {
        long steps = Steps(input);
        SiteDraw stateDraw = _stateSite.Draw(), cellDraw = _cellSite.Draw();
        _lastShape = stateDraw.IsStochastic || cellDraw.IsStochastic ? [Rows(input), steps, Weights.HiddenSize] : _lastShape;
        return new ZoneoutNoise(stateDraw, cellDraw, StateDropRate, CellDropRate, Weights.Chains, steps);
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => site == _cellSite ? CurrentCellMask : CurrentStateMask;
}
