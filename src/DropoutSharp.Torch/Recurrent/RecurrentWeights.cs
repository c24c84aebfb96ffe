using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a TorchSharp LSTM or GRU is made of, found from the module itself.</summary>
/// <remarks>TorchSharp's recurrent modules do not tell how they were made: layers and directions are read off their parameters' names, the rest by trying.</remarks>
internal sealed class RecurrentWeights
{
    private readonly nn.Module _module;

    private RecurrentWeights(nn.Module module, long inputSize, int gates, Func<Tensor, (Tensor Output, Tensor Hidden)> run)
    {
        _module = module;
        InputSize = inputSize;
        HashSet<string> names = [.. module.named_parameters().Select(static parameter => parameter.name)];
        Directions = names.Contains("weight_ih_l0_reverse") ? 2 : 1;
        while (names.Contains($"weight_ih_l{Layers}"))
        {
            Layers++;
        }

        HasBias = names.Contains("bias_ih_l0");
        HiddenSize = Parameter("weight_hh", 0).shape[1];
        if (names.Contains("weight_hr_l0") || Parameter("weight_hh", 0).shape[0] != gates * HiddenSize)
        {
            throw new ArgumentException("A recurrent layer with a projection is not supported; received one.", nameof(module));
        }

        Probe(run);
    }

    /// <summary>The number of layers.</summary>
    public int Layers { get; }

    /// <summary>2 where the sequence is also read backwards, or 1.</summary>
    public int Directions { get; }

    /// <summary>Layers times directions: each is a chain of cells over time with weights of its own.</summary>
    public int Chains => Layers * Directions;

    public bool HasBias { get; }

    /// <summary>The number of features of the input.</summary>
    public long InputSize { get; }

    public long HiddenSize { get; }

    /// <summary>Whether the inputs of all layers have as many features.</summary>
    public bool InputsHaveOneSize => Layers == 1 || InputSize == HiddenSize * Directions;

    /// <summary>Whether the data are (N, T, F) instead of (T, N, F).</summary>
    public bool BatchFirst { get; private set; }

    public static RecurrentWeights Of(LSTM lstm)
    {
        ArgumentNullException.ThrowIfNull(lstm);
        return new RecurrentWeights(lstm, lstm.get_parameter("weight_ih_l0")!.shape[1], 4, input =>
        {
            (Tensor output, Tensor hidden, _) = lstm.call(input);
            return (output, hidden);
        });
    }

    public static RecurrentWeights Of(GRU gru)
    {
        ArgumentNullException.ThrowIfNull(gru);
        return new RecurrentWeights(gru, gru.get_parameter("weight_ih_l0")!.shape[1], 3, input => gru.call(input));
    }

    /// <summary>One parameter of a chain.</summary>
    /// <param name="kind"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c> or <c>bias_hh</c>.</param>
    /// <param name="chain">Layer times directions plus direction.</param>
    public Tensor Parameter(string kind, int chain)
    {
        string name = $"{kind}_l{chain / Directions}{(chain % Directions == 1 ? "_reverse" : "")}";
        return _module.get_parameter(name)!; // the names were found in the constructor
    }

    private void Probe(Func<Tensor, (Tensor Output, Tensor Hidden)> run)
    {
        bool training = _module.training;
        Tensor weight = Parameter("weight_ih", 0);
        using Tensor state = get_rng_state();
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor input = ones([2, 3, InputSize], weight.dtype, weight.device);
            _module.eval();
            (Tensor output, Tensor hidden) = run(input);
            BatchFirst = hidden.size(1) == 2;
            if (Layers > 1)
            {
                // A layer of ones that differs from evaluation drops between its layers; twice, since once may keep everything.
                _module.train();
                bool drops = !run(input).Output.allclose(output, rtol: 1e-3, atol: 1e-4) || !run(input).Output.allclose(output, rtol: 1e-3, atol: 1e-4);
                set_rng_state(state);
                _module.train(training);
                if (drops)
                {
                    throw new ArgumentException(
                        "The recurrent layer must be made with dropout 0, since its own dropout between layers cannot be seen from outside; received one that drops. "
                        + "Put a LockedDropout or Dropout between one-layer networks instead.");
                }
            }
        }

        _module.train(training);
    }
}
