using System.Runtime.InteropServices;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Runs a network several times with only its dropout drawing.</summary>
internal static class MonteCarlo
{
    private const int ChunkRows = 1024;

    /// <summary>Receives the outputs of one pass, row-major, rows × outputs; they are gone when it returns.</summary>
    public delegate void TakePass(ReadOnlySpan<float> outputs);

    /// <summary>How the passes of so many rows are computed, in one line; null where there is one pass alone.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">How many rows there are at once.</param>
    /// <param name="rowShape">The shape of one row.</param>
    /// <param name="passes">How many passes.</param>
    public static string? Describe(Network network, int rows, IReadOnlyList<int> rowShape, int passes)
    {
        if (!network.HasDropout)
        {
            return network.Ensemble is { } ensemble ? $"{ensemble.Members.Count} sub-networks without dropout" : null;
        }

        using Tensor some = zeros([rows, .. rowShape.Select(static size => (long)size)]);
        return new McDropout(network).Plan(some, new McDropoutOptions(passes, BatchSize: ChunkRows)).ToString();
    }

    /// <summary>Hands over the outputs of each pass. Every row and pass has masks of its own, whatever the rows beside it; an ensemble's passes are its members.</summary>
    /// <param name="network">A network with dropout, or an ensemble.</param>
    /// <param name="features">The rows.</param>
    /// <param name="key">Decides the masks.</param>
    /// <param name="passes">How many passes.</param>
    /// <param name="take">Receives each pass.</param>
    /// <param name="firstRow">The first row's number, where the rows are a part of more.</param>
    public static void Run(Network network, Tensor features, ulong key, int passes, TakePass take, long firstRow = 0)
    {
        if (network.Ensemble is { } ensemble)
        {
            foreach (nn.Module<Tensor, Tensor> member in ensemble.Members)
            {
                take(NetworkOutputs.Compute(member, features));
            }

            return;
        }

        McDropoutOptions options = new(passes, key, BatchSize: ChunkRows, FirstRow: firstRow);
        foreach (Tensor output in new McDropout(network).Stream(features, options))
        {
            using (output)
            {
                take(MemoryMarshal.Cast<byte, float>(output.bytes));
            }
        }
    }
}
