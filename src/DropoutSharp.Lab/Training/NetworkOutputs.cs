using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Runs a network over rows without gradients, a bounded number of rows at a time.</summary>
internal static class NetworkOutputs
{
    private const int ChunkRows = 1024;

    /// <summary>The outputs in the mode that the network is in, row-major, rows × outputs.</summary>
    public static float[] Compute(nn.Module<Tensor, Tensor> network, Tensor features)
    {
        using IDisposable noGradient = no_grad();
        long rows = features.shape[0];
        List<float> outputs = [];
        for (long start = 0; start < rows; start += ChunkRows)
        {
            using DisposeScope scope = NewDisposeScope();
            outputs.AddRange(network.call(features.narrow(0, start, Math.Min(ChunkRows, rows - start))).data<float>());
        }

        return [.. outputs];
    }
}
