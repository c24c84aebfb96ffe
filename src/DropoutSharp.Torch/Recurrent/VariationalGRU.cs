using TorchSharp.Modules;
using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch;

/// <summary>A GRU with dropout on its inputs and on its states, each with one mask for a whole sequence.</summary>
/// <remarks>The law is that of <see cref="VariationalRecurrent{TLayer, TState, TResult}"/>; the GRU keeps its weights and their names, under <c>gru</c>.</remarks>
public sealed class VariationalGRU : VariationalRecurrent<GRU, Tensor?, (Tensor, Tensor)>
{
    /// <summary>Variational dropout around a GRU.</summary>
    /// <param name="gru">The GRU; the module owns it, as its child <c>gru</c>.</param>
    /// <param name="inputDropRate">The probability that an input feature is dropped, in [0, 1].</param>
    /// <param name="stateDropRate">The probability that a hidden unit is dropped on its way to the next step, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one for each of the two sites from torch's own generator.</param>
    /// <param name="site">The number of the inputs' site; the states' is the next. Sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The GRU has dropout of its own between its layers, or a projection.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is NaN or outside [0, 1].</exception>
    public VariationalGRU(GRU gru, double inputDropRate = 0.25, double stateDropRate = 0.25, ulong? seed = null, uint site = 0)
        : base(nameof(VariationalGRU), "gru", gru, new GruLayer(gru), inputDropRate, stateDropRate, seed, site)
    {
    }

    /// <summary>Runs packed sequences of different lengths.</summary>
    /// <param name="input">What <c>pack_padded_sequence</c> gives; masks are those of its padded form.</param>
    /// <param name="state">Hidden states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states, packed, and the hidden states behind the last time step of each sequence.</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public (PackedSequence Output, Tensor Hidden) call(PackedSequence input, Tensor? state = null)
    {
        (PackedSequence output, (Tensor, Tensor Hidden) result) = RunPacked(input, state, static result => result.Item1);
        return (output, result.Hidden);
    }
}
