using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>An LSTM as its variants use it.</summary>
internal sealed class LstmLayer(LSTM lstm) : RecurrentLayer<(Tensor, Tensor)?, (Tensor, Tensor, Tensor)>(RecurrentWeights.Of(lstm))
{
    public override (Tensor, Tensor, Tensor) Call(Tensor input, (Tensor, Tensor)? state) => lstm.call(input, state);

    public override (Tensor, Tensor, Tensor) Loop(Tensor input, (Tensor, Tensor)? state, RecurrentNoise noise, Tensor? lengths) =>
        RecurrentLoop.Lstm(Weights, input, state, noise, lengths);
}
