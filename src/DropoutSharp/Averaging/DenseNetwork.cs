namespace DropoutSharp.Averaging;

/// <summary>
/// A small fully connected network with dropout, in double precision: the thing whose sub-networks can be counted, run and averaged.
/// </summary>
/// <remarks>
/// Dropout is inverted: a kept unit is divided by its keep probability, so that the network with nothing dropped and nothing scaled is the
/// one with scaled weights (Srivastava et al. 2014, section 10). A unit with rate 0 is always kept, one with rate 1 never; the others are
/// the network's droppable units, and it has 2 to their number sub-networks.
/// </remarks>
public sealed class DenseNetwork
{
    private readonly DenseLayer[] _layers;

    /// <summary>A network of layers that fit each other.</summary>
    /// <param name="layers">From the input to the logits; each takes as many inputs as the one before has outputs.</param>
    /// <param name="hiddenActivation">Applied after each layer but the last.</param>
    /// <param name="output">What the logits stand for.</param>
    /// <exception cref="ArgumentException">There are no layers, or two neighbours do not fit.</exception>
    public DenseNetwork(IEnumerable<DenseLayer> layers, HiddenActivation hiddenActivation, OutputKind output)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = [.. layers];
        if (_layers.Length == 0)
        {
            throw new ArgumentException("A network must have at least one layer; received none.", nameof(layers));
        }

        for (int layer = 1; layer < _layers.Length; layer++)
        {
            if (_layers[layer].Inputs != _layers[layer - 1].Outputs)
            {
                throw new ArgumentException(
                    $"Layer {layer} must take the {_layers[layer - 1].Outputs} outputs of the layer before it; received one that takes {_layers[layer].Inputs}.",
                    nameof(layers));
            }
        }

        HiddenActivation = hiddenActivation;
        Output = output;
        foreach (DenseLayer layer in _layers)
        {
            Units += layer.Inputs;
            foreach (DropRate rate in layer.DropRates)
            {
                DroppableUnits += rate.KeepsAll || rate.DropsAll ? 0 : 1;
            }
        }
    }

    /// <summary>From the input to the logits.</summary>
    public IReadOnlyList<DenseLayer> Layers => _layers;

    /// <summary>Applied after each layer but the last.</summary>
    public HiddenActivation HiddenActivation { get; }

    /// <summary>What the logits stand for.</summary>
    public OutputKind Output { get; }

    /// <summary>The number of inputs.</summary>
    public int Inputs => _layers[0].Inputs;

    /// <summary>The number of logits.</summary>
    public int Outputs => _layers[^1].Outputs;

    /// <summary>The number of units that feed a layer: the inputs and every hidden unit. A mask of the whole network has one entry for each.</summary>
    public int Units { get; }

    /// <summary>How many units have a drop rate strictly between 0 and 1; the network has 2 to this number sub-networks.</summary>
    public int DroppableUnits { get; }

    /// <summary>The logits of the network with scaled weights: nothing is dropped, and each unit counts by its keep probability.</summary>
    /// <param name="input"><see cref="Inputs"/> numbers.</param>
    /// <param name="destination">Takes <see cref="Outputs"/> logits.</param>
    /// <exception cref="ArgumentException">The input has another length, or the destination is too short.</exception>
    /// <remarks>With inverted dropout the keep probability is already in the weights, so a unit counts once; one with rate 1 counts for nothing.</remarks>
    public void WeightScaledLogits(ReadOnlySpan<double> input, Span<double> destination) => Run(input, default, destination);

    /// <summary>The logits of one sub-network.</summary>
    /// <param name="input"><see cref="Inputs"/> numbers.</param>
    /// <param name="mask">Whether each unit is kept: <see cref="Units"/> entries, the inputs first, then each hidden layer.</param>
    /// <param name="destination">Takes <see cref="Outputs"/> logits.</param>
    /// <exception cref="ArgumentException">The input or the mask has another length, or the destination is too short.</exception>
    /// <remarks>A kept unit is divided by its keep probability. A dropped one adds nothing, whatever it held (NaN and infinities too).</remarks>
    public void SubNetworkLogits(ReadOnlySpan<double> input, ReadOnlySpan<bool> mask, Span<double> destination)
    {
        if (mask.Length != Units)
        {
            throw new ArgumentException($"A mask must have one entry for each of {Units} units; received {mask.Length}.", nameof(mask));
        }

        Run(input, mask, destination);
    }

    internal void Check(ReadOnlySpan<double> input)
    {
        if (input.Length != Inputs)
        {
            throw new ArgumentException($"Input must have {Inputs} numbers; received {input.Length}.", nameof(input));
        }
    }

    internal void Activate(ReadOnlySpan<double> logits, Span<double> destination)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            double z = logits[i];
            destination[i] = HiddenActivation switch
            {
                HiddenActivation.Relu => z < 0 ? 0 : z, // a NaN stays NaN
                HiddenActivation.Tanh => Math.Tanh(z),
                HiddenActivation.Sigmoid => 1 / (1 + Math.Exp(-z)),
                _ => z,
            };
        }
    }

    private void Run(ReadOnlySpan<double> input, ReadOnlySpan<bool> mask, Span<double> destination)
    {
        Check(input);
        if (destination.Length < Outputs)
        {
            throw new ArgumentException($"Destination must hold {Outputs} logits; received room for {destination.Length}.", nameof(destination));
        }

        double[] units = input.ToArray(), logits = [];
        int first = 0;
        for (int index = 0; index < _layers.Length; index++)
        {
            DenseLayer layer = _layers[index];
            logits = layer.Biases.ToArray();
            for (int unit = 0; unit < layer.Inputs; unit++)
            {
                DropRate rate = layer.DropRates[unit];
                if (rate.DropsAll || (!mask.IsEmpty && !mask[first + unit]))
                {
                    continue;
                }

                double value = mask.IsEmpty ? units[unit] : units[unit] * rate.InvertedScale;
                ReadOnlySpan<double> column = layer.Column(unit);
                for (int output = 0; output < column.Length; output++)
                {
                    logits[output] += column[output] * value;
                }
            }

            first += layer.Inputs;
            if (index < _layers.Length - 1)
            {
                units = new double[layer.Outputs];
                Activate(logits, units);
            }
        }

        logits.CopyTo(destination);
    }
}
