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

    /// <summary>Hands over the outputs of each pass. Every row and pass has masks of its own, whatever the rows beside it.</summary>
    /// <param name="network">A network with dropout.</param>
    /// <param name="features">The rows.</param>
    /// <param name="key">Decides the masks.</param>
    /// <param name="passes">How many passes.</param>
    /// <param name="take">Receives each pass.</param>
    /// <param name="firstRow">The first row's number, where the rows are a part of more.</param>
    public static void Run(Network network, Tensor features, ulong key, int passes, TakePass take, long firstRow = 0)
    {
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
