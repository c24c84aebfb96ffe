using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Runs a network in evaluation mode several times with only its dropout drawing.</summary>
internal static class MonteCarlo
{
    private const int ChunkRows = 1024;

    /// <summary>Hands over the outputs of each pass, row-major. Every row and pass has masks of its own, whatever the rows beside it.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="features">The rows.</param>
    /// <param name="key">Decides the masks.</param>
    /// <param name="passes">How many passes.</param>
    /// <param name="take">Receives rows × outputs; the memory is used again for the next pass.</param>
    /// <param name="firstRow">The first row's number, where the rows are a part of more.</param>
    public static void Run(Network network, Tensor features, ulong key, int passes, Action<float[]> take, long firstRow = 0)
    {
        using IDisposable noGradient = no_grad();
        IReadOnlyList<(string Path, DropoutSite Site)> sites = DropoutSites.Of(network);
        long rows = features.shape[0];
        float[] outputs = [];
        for (int pass = 0; pass < passes; pass++)
        {
            for (long start = 0; start < rows; start += ChunkRows)
            {
                using DisposeScope scope = NewDisposeScope();
                using SamplingAll sampling = new(sites, new MaskStream(key, (uint)pass), firstRow + start);
                Tensor chunk = network.call(features.narrow(0, start, Math.Min(ChunkRows, rows - start)));
                outputs = outputs.Length == 0 ? new float[rows * chunk.shape[1]] : outputs;
                chunk.data<float>().CopyTo(outputs, (int)(start * chunk.shape[1]));
            }

            take(outputs);
        }
    }

    private sealed class SamplingAll : IDisposable
    {
        private readonly IDisposable[] _sampled;

        public SamplingAll(IReadOnlyList<(string Path, DropoutSite Site)> sites, MaskStream stream, long firstRow) =>
            _sampled = [.. sites.Select(entry => entry.Site.Sample(
                new SiteSampling(stream with { Site = entry.Site.Position.Site }, FirstRow: firstRow)))];

        public void Dispose() => Array.ForEach(_sampled, sampled => sampled.Dispose());
    }
}
