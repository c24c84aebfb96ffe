using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Zoneout in evaluation, step by step with TorchSharp's own networks: each is given one time step, and the mean state is mixed by hand.</summary>
internal static class ZoneoutMeans
{
    // The layer's own step gives o·tanh(c) with its own new cell c; the output gate o is that without the tanh, and is put on the mixed cell.
    public static Tensor Lstm(LSTM lstm, Tensor input, double rate)
    {
        Tensor hidden = zeros([1, input.shape[1], 3], input.dtype), cell = hidden;
        List<Tensor> outputs = [];
        foreach (Tensor step in input.split(1, 0))
        {
            (_, Tensor next, Tensor nextCell) = lstm.call(step, (hidden, cell));
            Tensor gate = next / nextCell.tanh();
            cell = (nextCell * (1 - rate)) + (cell * rate);
            hidden = (gate * cell.tanh() * (1 - rate)) + (hidden * rate);
            outputs.Add(hidden);
        }

        return cat([cat(outputs).flatten(), hidden.flatten(), cell.flatten()]);
    }

    public static Tensor Gru(GRU gru, Tensor input, double rate)
    {
        Tensor hidden = zeros([1, input.shape[1], 3], input.dtype);
        List<Tensor> outputs = [];
        foreach (Tensor step in input.split(1, 0))
        {
            hidden = (gru.call(step, hidden).Item2 * (1 - rate)) + (hidden * rate);
            outputs.Add(hidden);
        }

        return cat([cat(outputs).flatten(), hidden.flatten()]);
    }
}
