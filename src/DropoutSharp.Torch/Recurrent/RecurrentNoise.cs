using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a variant does to a chain of recurrent cells over one sequence; by default nothing.</summary>
internal abstract class RecurrentNoise
{
    /// <summary>Changes a chain's whole input, of shape (T, N, F).</summary>
    public virtual Tensor Input(Tensor input, int chain) => input;

    /// <summary>Changes a chain's hidden-to-hidden weight, once a sequence.</summary>
    public virtual Tensor HiddenWeight(Tensor weight, int chain) => weight;

    /// <summary>What the state becomes before it enters the cell at a time step, of shape (N, H); asked once a sequence.</summary>
    public virtual Func<Tensor, Tensor>? StateOf(Tensor firstState, int chain) => null;

    /// <summary>Mixes a new hidden state with the old one.</summary>
    public virtual Tensor Hidden(Tensor old, Tensor next, int chain, int time) => next;

    /// <summary>Mixes a new cell state with the old one; an LSTM's only.</summary>
    public virtual Tensor Cell(Tensor old, Tensor next, int chain, int time) => next;
}
