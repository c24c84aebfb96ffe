using DropoutSharp.Lab.Networks;
using TorchSharp;

namespace DropoutSharp.Lab.Training;

/// <summary>Runs a network several times with dropout on.</summary>
internal static class MonteCarlo
{
    /// <summary>Hands over the outputs of each pass, row-major; the network is in evaluation mode afterwards.</summary>
    public static void Run(Network network, torch.Tensor features, ulong key, int passes, Action<float[]> take)
    {
        _ = key;
        network.train();
        for (int pass = 0; pass < passes; pass++)
        {
            take(NetworkOutputs.Compute(network, features));
        }

        network.eval();
    }
}
