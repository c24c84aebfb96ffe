using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Zoneout step by step with TorchSharp's own one-layer networks: each is given one time step, and states are mixed by hand.</summary>
internal static class ZoneoutSteps
{
    /// <summary>Mixes a state with its old value: of the cells or not, new, old, time.</summary>
    public delegate Tensor Mixing(bool isCell, Tensor next, Tensor old, int time);

    /// <summary>Every state becomes its expectation, as in evaluation.</summary>
    public static Mixing Mean(double rate) => (_, next, old, _) => (next * (1 - rate)) + (old * rate);

    /// <summary>States are chosen by masks of shape (1, N, T, H).</summary>
    public static Mixing Masked(Tensor states, Tensor? cells) => (isCell, next, old, time) => where((isCell ? cells! : states).select(2, time), next, old);

    // The layer's own step gives o·tanh(c) with its own new cell c; the output gate o is that without the tanh, and is put on the mixed cell.
    public static Tensor Lstm(LSTM lstm, Tensor input, Tensor hidden, Tensor cell, Mixing mix)
    {
        List<Tensor> outputs = [];
        foreach (Tensor step in input.split(1, 0))
        {
            (_, Tensor next, Tensor nextCell) = lstm.call(step, (hidden, cell));
            Tensor gate = next / nextCell.tanh();
            cell = mix(true, nextCell, cell, outputs.Count);
            hidden = mix(false, gate * cell.tanh(), hidden, outputs.Count);
            outputs.Add(hidden);
        }

        return cat([cat(outputs).flatten(), hidden.flatten(), cell.flatten()]);
    }

    public static Tensor Gru(GRU gru, Tensor input, Tensor hidden, Mixing mix)
    {
        List<Tensor> outputs = [];
        foreach (Tensor step in input.split(1, 0))
        {
            hidden = mix(false, gru.call(step, hidden).Item2, hidden, outputs.Count);
            outputs.Add(hidden);
        }

        return cat([cat(outputs).flatten(), hidden.flatten()]);
    }
}
