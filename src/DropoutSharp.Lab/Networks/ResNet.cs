using DropoutSharp.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>
/// A residual convolutional network: a 3×3 convolution, then for each number of channels a stage of two blocks, the maps halved at the start of each stage but the first, and the mean of each map.
/// Maps that are already narrower than 4 cells are not halved.
/// </summary>
internal static class ResNet
{
    private const int BlocksPerStage = 2;
    private const int SmallestHalved = 4;

    public static NetworkKind Kind { get; } = new()
    {
        Id = "resnet",
        Summary = "residual blocks of two convolutions",
        NeedsImages = true,
        HiddenSizes = [],
        Channels = [16, 32],
        AddHiddenLayers = AddHiddenLayers,
    };

    private static long AddHiddenLayers(LayerList layers, IReadOnlyList<int> rowShape, NetworkOptions options)
    {
        (int channels, int height, int width) = (rowShape[0], rowShape[1], rowShape[2]);
        layers.Describe($"{channels}×{height}×{width} image");
        layers.AddDropout("input", DropoutPlace.Input);
        IReadOnlyList<int> stages = options.Channels!; // resolved
        if (stages.Count > 0)
        {
            layers.Add("conv", Conv2d(channels, stages[0], 3, padding: 1, bias: false), $"conv {stages[0]}");
            channels = stages[0];
        }

        List<Module<Tensor, Tensor>> blocks = [];
        for (int stage = 0; stage < stages.Count; stage++)
        {
            for (int inStage = 0; inStage < BlocksPerStage; inStage++)
            {
                bool halves = stage > 0 && inStage == 0 && height >= SmallestHalved && width >= SmallestHalved;
                Module<Tensor, Tensor>? dropout = layers.Sites.Create(DropoutPlace.FeatureMap);
                PathOptions path = layers.Sites.CreatePath(blocks.Count, stages.Count * BlocksPerStage, branches: 1);

                // Batch normalisation wants all rows or none.
                path = path with { Mode = StochasticDepthMode.Batch };
                blocks.Add(new ResNetBlock(channels, stages[stage], halves ? 2 : 1, dropout, path, layers.CreateActivation));
                channels = stages[stage];
                (height, width) = halves ? ((height + 1) / 2, (width + 1) / 2) : (height, width);
                layers.Describe($"residual {channels}{(halves ? ", halved" : "")}");
            }
        }

        layers.AddBlocks(blocks);
        layers.Add("norm", BatchNorm2d(channels));
        layers.AddActivation("norm");
        layers.Add("pool", AdaptiveAvgPool2d(1), "mean");
        layers.Add("flatten", Flatten());
        return layers.AddDense(channels, options.HiddenSizes!); // resolved
    }
}
