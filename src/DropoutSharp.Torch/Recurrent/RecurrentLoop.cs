using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>LSTM and GRU as a loop over time with libtorch's operations, so that a variant can change weights and states on the way.</summary>
/// <remarks>Without noise it gives what TorchSharp's own modules give, to rounding.</remarks>
internal static class RecurrentLoop
{
    /// <summary>An LSTM over a sequence.</summary>
    /// <param name="weights">The module's weights.</param>
    /// <param name="input">(T, N, F), or (N, T, F) where the module has the batch first.</param>
    /// <param name="state">Hidden and cell states (layers·directions, N, H); null for zeros.</param>
    /// <param name="noise">What the variant changes.</param>
    /// <param name="lengths">The length of each sequence, behind which states stay what they are; null where all are as long as the input.</param>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Lstm(
        RecurrentWeights weights, Tensor input, (Tensor Hidden, Tensor Cell)? state, RecurrentNoise noise, Tensor? lengths)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor first = Zeros(weights, input, state?.Hidden, "Hidden state"), firstCell = Zeros(weights, input, state?.Cell, "Cell state");
        (Tensor output, Tensor hidden, Tensor? cell) = Run(weights, input, first, firstCell, noise, lengths);
        return (output.MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope(), cell!.MoveToOuterDisposeScope()); // an LSTM has cells
    }

    /// <summary>A GRU over a sequence.</summary>
    /// <param name="weights">The module's weights.</param>
    /// <param name="input">(T, N, F), or (N, T, F) where the module has the batch first.</param>
    /// <param name="state">Hidden states (layers·directions, N, H); null for zeros.</param>
    /// <param name="noise">What the variant changes.</param>
    /// <param name="lengths">The length of each sequence, behind which states stay what they are; null where all are as long as the input.</param>
    public static (Tensor Output, Tensor Hidden) Gru(RecurrentWeights weights, Tensor input, Tensor? state, RecurrentNoise noise, Tensor? lengths)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor output, Tensor hidden, _) = Run(weights, input, Zeros(weights, input, state, "Hidden state"), null, noise, lengths);
        return (output.MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope());
    }

    /// <summary>Refuses an input that is no batch of sequences of the right size.</summary>
    public static void CheckInput(RecurrentWeights weights, Tensor input, string variant)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        if (input.dim() != 3 || input.size(2) != weights.InputSize || input.size(weights.BatchFirst ? 1 : 0) == 0)
        {
            throw new ArgumentException(
                $"Input of {variant} must have the shape {(weights.BatchFirst ? "(N, T, F)" : "(T, N, F)")} with F = {weights.InputSize} and T at least 1; "
                + $"received shape [{string.Join(", ", input.shape)}].",
                nameof(input));
        }
    }

    private static Tensor Zeros(RecurrentWeights weights, Tensor input, Tensor? given, string what)
    {
        long rows = input.size(weights.BatchFirst ? 0 : 1);
        long[] shape = [weights.Chains, rows, weights.HiddenSize];
        return given is null ? zeros(shape, input.dtype, input.device)
            : TensorMemory.Shape(given).AsSpan().SequenceEqual(shape) ? given
            : throw new ArgumentException(
                $"{what} must have the shape [{string.Join(", ", shape)}]; received [{string.Join(", ", given.shape)}].");
    }

    private static (Tensor Output, Tensor Hidden, Tensor? Cell) Run(
        RecurrentWeights weights, Tensor input, Tensor hidden, Tensor? cell, RecurrentNoise noise, Tensor? lengths)
    {
        Tensor sequence = weights.BatchFirst ? input.transpose(0, 1) : input;
        Tensor[]? active = lengths is null ? null : tensor([.. Enumerable.Range(0, (int)sequence.size(0))], ScalarType.Int64).unsqueeze(1).lt(lengths).unsqueeze(2).to(input.device).unbind(0);
        List<Tensor> lastHidden = [], lastCell = [];
        for (int layer = 0; layer < weights.Layers; layer++)
        {
            List<Tensor> outputs = [];
            for (int direction = 0; direction < weights.Directions; direction++)
            {
                int chain = (layer * weights.Directions) + direction;
                (Tensor output, Tensor last, Tensor? lastOfCell) =
                    Chain(weights, sequence, hidden[chain], cell?[chain], chain, direction == 1, noise, active);
                outputs.Add(output);
                lastHidden.Add(last);
                if (lastOfCell is not null)
                {
                    lastCell.Add(lastOfCell);
                }
            }

            sequence = outputs.Count == 1 ? outputs[0] : cat(outputs, -1);
        }

        return (
            weights.BatchFirst ? sequence.transpose(0, 1) : sequence.alias(),
            stack(lastHidden),
            lastCell.Count == 0 ? null : stack(lastCell));
    }

    private static (Tensor Output, Tensor Hidden, Tensor? Cell) Chain(
        RecurrentWeights weights, Tensor sequence, Tensor hidden, Tensor? cell, int chain, bool backwards, RecurrentNoise noise, Tensor[]? active)
    {
        Tensor inputWeight = weights.Parameter("weight_ih", chain);
        Tensor hiddenWeight = noise.HiddenWeight(weights.Parameter("weight_hh", chain), chain).t();
        Tensor? inputBias = weights.HasBias ? weights.Parameter("bias_ih", chain) : null;
        Tensor? hiddenBias = weights.HasBias ? weights.Parameter("bias_hh", chain) : null;
        if (cell is not null && inputBias is not null)
        {
            (inputBias, hiddenBias) = (inputBias.Plus(hiddenBias!), null); // an LSTM adds both to the same gates
        }

        Tensor[] inputs = nn.functional.linear(noise.Input(sequence, chain), inputWeight, inputBias).unbind(0);
        Func<Tensor, Tensor>? stateOf = noise.StateOf(hidden, chain);
        Tensor[] outputs = new Tensor[inputs.Length];
        for (int step = 0; step < inputs.Length; step++)
        {
            int time = backwards ? inputs.Length - 1 - step : step;
            Tensor entering = stateOf is null ? hidden : stateOf(hidden);
            Tensor next;
            if (cell is null)
            {
                next = GruStep(inputs[time], entering, hidden, hiddenWeight, hiddenBias);
            }
            else
            {
                (next, Tensor nextCell) = LstmStep(inputs[time], entering, cell, hiddenWeight, chain, time, noise);
                cell = active is null ? nextCell : where(active[time], nextCell, cell);
            }

            next = noise.Hidden(hidden, next, chain, time);
            hidden = active is null ? next : where(active[time], next, hidden);
            outputs[time] = hidden;
        }

        return (stack(outputs), hidden, cell);
    }

    private static (Tensor Hidden, Tensor Cell) LstmStep(
        Tensor input, Tensor hidden, Tensor cell, Tensor weight, int chain, int time, RecurrentNoise noise)
    {
        Tensor[] gates = input.addmm(hidden, weight).chunk(4, 1);
        Tensor next = (gates[1].sigmoid() * cell).Plus(gates[0].sigmoid() * gates[2].tanh());
        next = noise.Cell(cell, next, chain, time);
        return (gates[3].sigmoid() * next.tanh(), next);
    }

    // The candidate is mixed with the state itself, not with what entered the product.
    private static Tensor GruStep(Tensor input, Tensor entering, Tensor hidden, Tensor weight, Tensor? bias)
    {
        Tensor product = bias is null ? entering.matmul(weight) : bias.addmm(entering, weight);
        Tensor[] inputs = input.chunk(3, 1), states = product.chunk(3, 1);
        Tensor reset = inputs[0].Plus(states[0]).sigmoid(), update = inputs[1].Plus(states[1]).sigmoid();
        Tensor candidate = inputs[2].Plus(reset * states[2]).tanh();
        return candidate.Plus(update * (hidden - candidate));
    }
}
