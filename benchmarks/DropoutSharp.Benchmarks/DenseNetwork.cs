using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>The dense network that training and Monte-Carlo passes are measured on: hidden layers of one width with ReLU, dropout behind each, ten classes.</summary>
internal static class DenseNetwork
{
    /// <summary>How many classes it tells apart.</summary>
    public const int Classes = 10;

    /// <summary>A network.</summary>
    /// <param name="inputs">How many inputs.</param>
    /// <param name="layers">How many hidden layers.</param>
    /// <param name="width">How many units a hidden layer has.</param>
    /// <param name="dropout">Makes the dropout behind a hidden layer; null for none.</param>
    public static TorchSharp.Modules.Sequential Create(int inputs, int layers, int width, Func<nn.Module<Tensor, Tensor>>? dropout)
    {
        List<nn.Module<Tensor, Tensor>> modules = [];
        for (int layer = 0; layer < layers; layer++)
        {
            modules.Add(nn.Linear(layer == 0 ? inputs : width, width));
            modules.Add(nn.ReLU());
            if (dropout is not null)
            {
                modules.Add(dropout());
            }
        }

        modules.Add(nn.Linear(width, Classes));
        return nn.Sequential(modules);
    }
}
