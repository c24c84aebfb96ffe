using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A TorchSharp LSTM or GRU as its variants use it: whole, or as a loop over time with noise.</summary>
/// <typeparam name="TState">What it starts from; null for zeros.</typeparam>
/// <typeparam name="TResult">The last layer's hidden states over time, and the last states.</typeparam>
/// <param name="weights">What the layer is made of.</param>
internal abstract class RecurrentLayer<TState, TResult>(RecurrentWeights weights)
{
    /// <summary>What the layer is made of.</summary>
    public RecurrentWeights Weights { get; } = weights;

    /// <summary>TorchSharp's own pass.</summary>
    public abstract TResult Call(Tensor input, TState state);

    /// <summary>The pass as a loop.</summary>
    public abstract TResult Loop(Tensor input, TState state, RecurrentNoise noise, Tensor? lengths);
}
