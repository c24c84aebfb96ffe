using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims;

/// <summary>The small networks of the experiments. They take rows of features, whatever the rows' shape.</summary>
internal static class ClaimNetworks
{
    /// <summary>Two hidden layers of rectified linear units, dropout on the input and behind each hidden layer.</summary>
    public static Sequential Mlp(ClaimData data, int width, DropRate inputRate, DropRate hiddenRate, Scaling scaling = Scaling.Inverted) => nn.Sequential(
        ("drop0", new Dropout(inputRate.Value, scaling: scaling)),
        ("linear1", nn.Linear(data.Features, width)),
        ("relu1", nn.ReLU()),
        ("drop1", new Dropout(hiddenRate.Value, scaling: scaling)),
        ("linear2", nn.Linear(width, width)),
        ("relu2", nn.ReLU()),
        ("drop2", new Dropout(hiddenRate.Value, scaling: scaling)),
        ("output", nn.Linear(width, data.Classes)));

    /// <summary>Two convolutions of 3×3 with dropout behind each, pooling between, and one fully connected layer.</summary>
    public static Sequential Cnn(ClaimData data, int channels, Func<nn.Module<Tensor, Tensor>> dropout)
    {
        long height = data.Shape[1] / 2, width = data.Shape[2] / 2;
        return nn.Sequential(
            ("images", nn.Unflatten(1, data.Shape)),
            ("conv1", nn.Conv2d(data.Shape[0], channels, 3, padding: 1)),
            ("relu1", nn.ReLU()),
            ("drop1", dropout()),
            ("pool", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(channels, 2 * channels, 3, padding: 1)),
            ("relu2", nn.ReLU()),
            ("drop2", dropout()),
            ("flatten", nn.Flatten()),
            ("output", nn.Linear(2 * channels * height * width, data.Classes)));
    }
}
