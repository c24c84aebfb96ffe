using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A GRU as its variants use it.</summary>
internal sealed class GruLayer(GRU gru) : RecurrentLayer<Tensor?, (Tensor, Tensor)>(RecurrentWeights.Of(gru))
{
    public override (Tensor, Tensor) Call(Tensor input, Tensor? state) => gru.call(input, state!); // null is the state's default

    public override (Tensor, Tensor) Loop(Tensor input, Tensor? state, RecurrentNoise noise, Tensor? lengths) =>
        RecurrentLoop.Gru(Weights, input, state, noise, lengths);
}
