using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>
/// A small convolutional network: for each number of channels a 3×3 convolution, normalisation where one is wished for, 2×2 maximum, activation and dropout of the maps, then
/// dense layers. Maps that are already narrower than 4 cells are not pooled further.
/// </summary>
internal static class Cnn
{
    private const int SmallestPooled = 4;

    public static NetworkKind Kind { get; } = new()
    {
        Id = "cnn",
        Summary = "convolutions with pooling, then dense layers",
        NeedsImages = true,
        HiddenSizes = [256],
        Channels = [16, 32],
        Norms = [Normalization.Batch, Normalization.Layer],
        AddHiddenLayers = AddHiddenLayers,
    };

    private static long AddHiddenLayers(LayerList layers, IReadOnlyList<int> rowShape, NetworkOptions options)
    {
        (int channels, int height, int width) = (rowShape[0], rowShape[1], rowShape[2]);
        layers.Describe($"{channels}×{height}×{width} image");
        layers.AddDropout("input", DropoutPlace.Input);
        for (int i = 0; i < options.Channels!.Count; i++)
        {
            string name = $"conv{i + 1}";
            bool pools = height >= SmallestPooled && width >= SmallestPooled;
            layers.Add(name, Conv2d(channels, options.Channels[i], 3, padding: 1), $"conv {options.Channels[i]}{(pools ? ", pool" : "")}");
            layers.AddNorm(name, options.Channels[i], isMaps: true);
            if (pools)
            {
                layers.Add($"{name}_pool", MaxPool2d(2));
                (height, width) = (height / 2, width / 2);
            }

            // Behind the pooling a rising activation gives the same numbers from a quarter of the cells.
            layers.AddActivation(name);
            layers.AddDropout(name, DropoutPlace.FeatureMap);
            channels = options.Channels[i];
        }

        layers.Add("flatten", Flatten());
        return layers.AddDense((long)channels * height * width, options.HiddenSizes!);
    }
}
