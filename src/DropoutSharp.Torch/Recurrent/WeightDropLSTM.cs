using TorchSharp.Modules;
using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch;

/// <summary>An LSTM whose hidden-to-hidden weights are dropped in training, one mask a sequence.</summary>
/// <remarks>The law is that of <see cref="WeightDrop{TLayer, TState, TResult}"/>; the LSTM keeps its weights and their names, under <c>lstm</c>.</remarks>
public sealed class WeightDropLSTM : WeightDrop<LSTM, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    /// <summary>Weight dropping around an LSTM.</summary>
    /// <param name="lstm">The LSTM; the module owns it, as its child <c>lstm</c>.</param>
    /// <param name="dropRate">The probability that a weight is dropped, in [0, 1].</param>
    /// <param name="scaling">When kept weights are scaled.</param>
    /// <param name="wholeRows">Whether all weights that lead into one gate of one unit are kept or dropped together.</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentException">The LSTM has dropout of its own between its layers, or a projection.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or the scaling is none of its enumeration's.</exception>
    public WeightDropLSTM(LSTM lstm, double dropRate = 0.5, Scaling scaling = Scaling.Inverted, bool wholeRows = false, ulong? seed = null, uint site = 0)
        : base(nameof(WeightDropLSTM), "lstm", lstm, new LstmLayer(lstm), dropRate, scaling, wholeRows, seed, site)
    {
    }

    /// <summary>Runs packed sequences of different lengths.</summary>
    /// <param name="input">What <c>pack_padded_sequence</c> gives; masks are those of its padded form.</param>
    /// <param name="state">Hidden and cell states (layers·directions, N, H); null for zeros.</param>
    /// <returns>The last layer's hidden states, packed, and the hidden and cell states behind the last time step of each sequence.</returns>
    /// <exception cref="ArgumentException">A shape or the element type is none that can be taken, or a given mask does not fit.</exception>
    public (PackedSequence Output, Tensor Hidden, Tensor Cell) call(PackedSequence input, (Tensor, Tensor)? state = null)
    {
        (PackedSequence output, (Tensor, Tensor Hidden, Tensor Cell) result) = RunPacked(input, state, static result => result.Item1);
        return (output, result.Hidden, result.Cell);
    }
}
