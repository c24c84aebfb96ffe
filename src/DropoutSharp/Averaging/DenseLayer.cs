using System.Globalization;

namespace DropoutSharp.Averaging;

/// <summary>A fully connected layer over dropped inputs: <c>z = W·(m∘x/keep) + b</c>.</summary>
public sealed class DenseLayer
{
    private readonly double[] _columns;
    private readonly double[] _biases;
    private readonly DropRate[] _dropRates;

    /// <summary>A layer whose inputs all have one drop rate.</summary>
    /// <param name="weights">Outputs × inputs, row-major, as in a linear layer of TorchSharp.</param>
    /// <param name="biases">One an output.</param>
    /// <param name="dropRate">The drop rate of the layer's inputs; 0 where nothing is dropped before it.</param>
    /// <exception cref="ArgumentException">There are no biases, or the weights are not a whole number of inputs for each of them.</exception>
    public DenseLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, DropRate dropRate = default)
        : this(weights, biases, Repeat(dropRate, biases.Length == 0 ? 0 : weights.Length / biases.Length))
    {
    }

    /// <summary>A layer whose inputs have a drop rate each.</summary>
    /// <param name="weights">Outputs × inputs, row-major, as in a linear layer of TorchSharp.</param>
    /// <param name="biases">One an output.</param>
    /// <param name="dropRates">One an input.</param>
    /// <exception cref="ArgumentException">There are no biases, or the weights are not outputs × inputs.</exception>
    public DenseLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, ReadOnlySpan<DropRate> dropRates)
    {
        if (biases.IsEmpty || dropRates.IsEmpty || weights.Length != (long)biases.Length * dropRates.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Weights must be outputs × inputs = {biases.Length} × {dropRates.Length}; received {weights.Length}."),
                nameof(weights));
        }

        (Inputs, Outputs) = (dropRates.Length, biases.Length);
        _biases = biases.ToArray();
        _dropRates = dropRates.ToArray();
        _columns = new double[weights.Length];
        for (int output = 0; output < Outputs; output++)
        {
            for (int input = 0; input < Inputs; input++)
            {
                _columns[(input * Outputs) + output] = weights[(output * Inputs) + input];
            }
        }
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The drop rate of each input.</summary>
    public ReadOnlySpan<DropRate> DropRates => _dropRates;

    internal ReadOnlySpan<double> Biases => _biases;

    /// <summary>What an input adds to every output for each unit of its value: a column of the weight matrix.</summary>
    internal ReadOnlySpan<double> Column(int input) => _columns.AsSpan(input * Outputs, Outputs);

    private static DropRate[] Repeat(DropRate dropRate, int count)
    {
        var rates = new DropRate[count];
        Array.Fill(rates, dropRate);
        return rates;
    }
}
