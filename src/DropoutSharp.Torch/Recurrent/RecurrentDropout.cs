using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch;

/// <summary>Dropout in a recurrent network of TorchSharp: what all variants around an LSTM or a GRU share.</summary>
/// <typeparam name="TLayer">LSTM or GRU.</typeparam>
/// <typeparam name="TState">What a pass starts from: hidden and cell states of an LSTM, hidden states of a GRU, each (layers·directions, N, H).</typeparam>
/// <typeparam name="TResult">The last layer's hidden states over time, the last hidden states, and an LSTM's last cells.</typeparam>
/// <remarks>
/// The wrapped network keeps its weights and their names; layers, directions, biases and the order of batch and time are its own. It must be made with dropout 0. Where something is dropped a pass is a
/// loop over time with libtorch's operations, as TorchSharp's networks can be given neither other weights nor other states on the way.
/// </remarks>
public abstract class RecurrentDropout<TLayer, TState, TResult> : nn.Module<Tensor, TState, TResult>
    where TLayer : nn.Module
{
    private readonly RecurrentLayer<TState, TResult> _layer;

    private protected RecurrentDropout(string name, string innerName, TLayer inner, RecurrentLayer<TState, TResult> layer)
        : base(name)
    {
        (Inner, _layer) = (inner, layer);
        register_module(innerName, inner);
    }

    /// <summary>The network that is run.</summary>
    public TLayer Inner { get; }

    /// <summary>What the network is made of.</summary>
    private protected RecurrentWeights Weights => _layer.Weights;

    /// <summary>Runs a batch of sequences.</summary>
    /// <param name="input">(T, N, F), or (N, T, F) where the network has the batch first.</param>
    /// <param name="state">The states to start from; null for zeros.</param>
    /// <returns>The last layer's hidden states over time, and the last states (layers·directions, N, H).</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public sealed override TResult forward(Tensor input, TState state = default!)
    {
        RecurrentLoop.CheckInput(Weights, input, GetName());
        return Noise(input) is RecurrentNoise noise ? _layer.Loop(input, state, noise, null) : _layer.Call(input, state);
    }

    /// <inheritdoc cref="forward"/>
    public new TResult call(Tensor input, TState state = default!) => base.call(input, state);

    /// <summary>The noise of one pass, whose draws it takes; null where TorchSharp's own network can be run.</summary>
    /// <param name="input">The padded input, already checked.</param>
    private protected abstract RecurrentNoise? Noise(Tensor input);

    /// <summary>The number of rows of an input.</summary>
    private protected long Rows(Tensor input) => input.size(Weights.BatchFirst ? 0 : 1);

    /// <summary>The number of time steps of an input.</summary>
    private protected long Steps(Tensor input) => input.size(Weights.BatchFirst ? 1 : 0);

    /// <summary>A pass over packed sequences. Rows are numbered as in the padded form.</summary>
    /// <returns>The outputs, packed; and the result, of whose first element only they are to be used.</returns>
    private protected (PackedSequence Output, TResult Result) RunPacked(PackedSequence sequences, TState state, Func<TResult, Tensor> outputOf)
    {
        using PackedInput packed = PackedInput.Of(sequences, Weights.BatchFirst);
        RecurrentLoop.CheckInput(Weights, packed.Padded, GetName());
        TResult result = _layer.Loop(packed.Padded, state, Noise(packed.Padded) ?? PlainNoise.Instance, packed.Lengths);
        return (packed.Pack(outputOf(result)), result);
    }
}
