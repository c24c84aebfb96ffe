using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>An LSTM with dropout on its inputs and on its states, each with one mask for a whole sequence.</summary>
/// <remarks>
/// <para>
/// In training each row of a batch has, for every layer and direction, one mask of the input features and one of the hidden state that enters the recurrent
/// product, the same at every time step; kept elements are divided by p. The four gates share them (the tied form). In evaluation TorchSharp's own LSTM runs. Gal and
/// Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016.
/// </para>
/// <para>
/// Keras's <c>dropout</c> and <c>recurrent_dropout</c> are its counterpart. The wrapped LSTM keeps its weights and their names, under <c>lstm</c>; it must be made with
/// dropout 0. Packed sequences are not taken.
/// </para>
/// </remarks>
public sealed class VariationalLSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private const string InnerName = "lstm";
    private const string InputSiteName = "input_site";
    private const string StateSiteName = "state_site";

    [ComponentName(Name = InnerName)]
    private readonly LSTM _inner;

    [ComponentName(Name = InputSiteName)]
    private readonly DropoutSite _inputSite;

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private readonly RecurrentWeights _weights;
    private long? _lastRows;

    /// <summary>Variational dropout around an LSTM.</summary>
    /// <param name="lstm">The LSTM; the module owns it, as its child <c>lstm</c>.</param>
    /// <param name="inputDropRate">The probability that an input feature is dropped, in [0, 1].</param>
    /// <param name="stateDropRate">The probability that a hidden unit is dropped on its way to the next step, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one for each of the two sites from torch's own generator.</param>
    /// <param name="site">The number of the inputs' site; the states' is the next. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The LSTM has dropout of its own between its layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public VariationalLSTM(LSTM lstm, double inputDropRate = 0.25, double stateDropRate = 0.25, ulong? seed = null, uint site = 0)
        : base(nameof(VariationalLSTM))
    {
        _weights = RecurrentWeights.Of(lstm);
        _inner = lstm;
        _inputSite = new DropoutSite(inputDropRate, seed, site);
        _stateSite = new DropoutSite(stateDropRate, seed, site + 1);
        register_module(InnerName, _inner);
        register_module(InputSiteName, _inputSite);
        register_module(StateSiteName, _stateSite);
    }

    /// <summary>The LSTM that is run.</summary>
    public LSTM Inner => _inner;

    /// <summary>Where masks of inputs are drawn: one a row and chain, of shape (layers·directions, N, F) where it is given.</summary>
    public DropoutSite InputSite => _inputSite;

    /// <summary>Where masks of states are drawn: one a row and chain, of shape (layers·directions, N, H) where it is given.</summary>
    public DropoutSite StateSite => _stateSite;

    /// <summary>The probability that an input feature is dropped, in [0, 1]; may be changed between steps.</summary>
    public DropRate InputDropRate
    {
        get => _inputSite.DropRate;
        set => _inputSite.DropRate = value;
    }

    /// <summary>The probability that a hidden unit is dropped on its way to the next step, in [0, 1]; may be changed between steps.</summary>
    public DropRate StateDropRate
    {
        get => _stateSite.DropRate;
        set => _stateSite.DropRate = value;
    }

    /// <summary>
    /// The masks of inputs in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, F) on the CPU, true where a feature was kept; null before the first, and
    /// where the layers' inputs differ in size, so that no one tensor holds their masks.
    /// </summary>
    public Tensor? CurrentInputMask =>
        _lastRows is long rows && _weights.InputsHaveOneSize ? RecurrentSites.Latest(_inputSite, _weights.Chains, [rows, _weights.InputSize]) : null;

    /// <summary>
    /// The masks of states in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, H) on the CPU, true where a unit was kept; null before the first.
    /// </summary>
    public Tensor? CurrentStateMask =>
        _lastRows is long rows ? RecurrentSites.Latest(_stateSite, _weights.Chains, [rows, _weights.HiddenSize]) : null;

    /// <summary>Runs a batch of sequences.</summary>
    /// <param name="input">(T, N, F), or (N, T, F) where the LSTM has the batch first.</param>
    /// <param name="state">Hidden and cell states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states over time, and the last hidden and cell states (layers·directions, N, H).</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? state = null)
    {
        RecurrentLoop.CheckInput(_weights, input, nameof(VariationalLSTM));
        SiteDraw inputDraw = _inputSite.Draw(), stateDraw = _stateSite.Draw();
        if (!inputDraw.IsStochastic && !stateDraw.IsStochastic)
        {
            return _inner.call(input, state);
        }

        _lastRows = input.shape[_weights.BatchFirst ? 0 : 1];
        return RecurrentLoop.Lstm(_weights, input, state, new VariationalNoise(_weights, inputDraw, stateDraw));
    }

    /// <inheritdoc cref="forward"/>
    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? state = null) => base.call(input, state);
}
