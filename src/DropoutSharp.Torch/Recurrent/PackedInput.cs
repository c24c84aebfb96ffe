using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch;

/// <summary>A packed batch of sequences, padded.</summary>
/// <param name="Padded">The sequences, padded with zeros to the longest.</param>
/// <param name="Lengths">The length of each, an int64 tensor on the CPU.</param>
/// <param name="BatchFirst">Whether the padded form is (N, T, F) instead of (T, N, F).</param>
internal sealed record PackedInput(Tensor Padded, Tensor Lengths, bool BatchFirst) : IDisposable
{
    public static PackedInput Of(PackedSequence packed, bool batchFirst)
    {
        ArgumentNullException.ThrowIfNull(packed);
        (Tensor padded, Tensor lengths) = nn.utils.rnn.pad_packed_sequence(packed, batchFirst);
        return new PackedInput(padded, lengths, batchFirst);
    }

    /// <summary>Packs the outputs of these sequences.</summary>
    public PackedSequence Pack(Tensor output)
    {
        using Tensor padded = output;
        return nn.utils.rnn.pack_padded_sequence(padded, Lengths, BatchFirst, enforce_sorted: IsSorted());
    }

    public void Dispose()
    {
        Padded.Dispose();
        Lengths.Dispose();
    }

    private bool IsSorted()
    {
        long[] lengths = [.. Lengths.data<long>()];
        return lengths.Zip(lengths.Skip(1)).All(static pair => pair.First >= pair.Second);
    }
}
