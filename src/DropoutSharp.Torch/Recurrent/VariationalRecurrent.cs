using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A recurrent network with dropout on its inputs and on its states, each with one mask for a whole sequence: what its forms for LSTM and GRU share.</summary>
/// <typeparam name="TLayer">LSTM or GRU.</typeparam>
/// <typeparam name="TState">What a pass starts from.</typeparam>
/// <typeparam name="TResult">The hidden states over time, and the last states.</typeparam>
/// <remarks>
/// <para>
/// In training each row of a batch has, for every layer and direction, one mask of the input features and one of the hidden state that enters the recurrent product, the same at every time step; kept
/// elements are divided by p. The gates share them (the tied form). In evaluation TorchSharp's own network runs. Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural
/// networks", NIPS 2016.
/// </para>
/// <para>Keras's <c>dropout</c> and <c>recurrent_dropout</c> are its counterpart; with the latter each gate has a mask of its own there.</para>
/// </remarks>
public abstract class VariationalRecurrent<TLayer, TState, TResult> : RecurrentDropout<TLayer, TState, TResult>, IMaskedSites
    where TLayer : nn.Module
{
    private const string InputSiteName = "input_site";
    private const string StateSiteName = "state_site";

    [ComponentName(Name = InputSiteName)]
    private readonly DropoutSite _inputSite;

    [ComponentName(Name = StateSiteName)]
    private readonly DropoutSite _stateSite;

    private long? _lastRows;

    private protected VariationalRecurrent(
        string name, string innerName, TLayer inner, RecurrentLayer<TState, TResult> layer, double inputDropRate, double stateDropRate, ulong? seed, uint site)
        : base(name, innerName, inner, layer)
    {
        _inputSite = new DropoutSite(inputDropRate, seed, site);
        _stateSite = new DropoutSite(stateDropRate, seed, site + 1);
        register_module(InputSiteName, _inputSite);
        register_module(StateSiteName, _stateSite);
    }

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
        _lastRows is long rows && Weights.InputsHaveOneSize ? RecurrentSites.Latest(_inputSite, Weights.Chains, [rows, Weights.InputSize]) : null;

    /// <summary>
    /// The masks of states in the latest stochastic pass as a new bool tensor of shape (layers·directions, N, H) on the CPU, true where a unit was kept; null before the first.
    /// </summary>
    public Tensor? CurrentStateMask => _lastRows is long rows ? RecurrentSites.Latest(_stateSite, Weights.Chains, [rows, Weights.HiddenSize]) : null;

    private protected override RecurrentNoise? Noise(Tensor input)
    {
        SiteDraw inputDraw = _inputSite.Draw(), stateDraw = _stateSite.Draw();
        if (!inputDraw.IsStochastic && !stateDraw.IsStochastic)
        {
            return null;
        }

        _lastRows = Rows(input);
        return new VariationalNoise(Weights, inputDraw, stateDraw);
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => site == _inputSite ? CurrentInputMask : CurrentStateMask;
}
