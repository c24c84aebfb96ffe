using DropoutSharp.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>
/// A pre-norm transformer: an image's patches, or a row's features, become tokens of the width of the first hidden size; a block for each hidden size, which is the width of its feed-forward
/// part; the mean over tokens.
/// </summary>
internal static class Transformer
{
    private const int MostPatches = 49;
    private const int MostHeads = 4;

    public static NetworkKind Kind { get; } = new()
    {
        Id = "transformer",
        Summary = "attention over the patches of an image or the features of a row",
        HiddenSizes = [64, 64],
        AddHiddenLayers = AddHiddenLayers,
    };

    private static long AddHiddenLayers(LayerList layers, IReadOnlyList<int> rowShape, NetworkOptions options)
    {
        IReadOnlyList<int> sizes = options.HiddenSizes!; // resolved
        if (sizes.Count == 0)
        {
            throw new UserErrorException("Network transformer needs at least one hidden size; received none.");
        }

        int width = sizes[0], heads = MostHeads;
        while (width % heads != 0)
        {
            heads--;
        }

        AddTokens(layers, rowShape, width);
        layers.AddDropout("tokens", DropoutPlace.Tokens);
        List<Module<Tensor, Tensor>> blocks = [];
        for (int block = 0; block < sizes.Count; block++)
        {
            SitePlacer sites = layers.Sites;
            blocks.Add(new TransformerBlock(width, heads, sizes[block], new TransformerBlockOptions
            {
                AttentionDropout = sites.CreateAttention(),
                AttentionOutputDropout = sites.Create(DropoutPlace.BranchOutput),
                HiddenDropout = sites.Create(DropoutPlace.Hidden),
                OutputDropout = sites.Create(DropoutPlace.BranchOutput),
                Path = sites.CreatePath(block, sizes.Count, branches: 2),
                Activation = layers.CreateActivation(),
            }));
            layers.Describe($"attention {heads}×{width / heads}, dense {sizes[block]}");
        }

        layers.AddBlocks(blocks);
        layers.Add("norm", LayerNorm(width));
        layers.Add("mean", new MeanOfTokens());
        return width;
    }

    private static void AddTokens(LayerList layers, IReadOnlyList<int> rowShape, int width)
    {
        layers.Describe(string.Join("×", rowShape) + (rowShape.Count == 3 ? " image" : " inputs"));
        layers.AddDropout("input", DropoutPlace.Input);
        if (rowShape.Count != 3)
        {
            int features = rowShape.Aggregate(1, static (product, size) => product * size);
            layers.Add("tokens", new FeatureTokens(features, width), $"{features} tokens");
            return;
        }

        int patch = 1;
        while (Patches(rowShape[1], patch) * Patches(rowShape[2], patch) > MostPatches)
        {
            patch++;
        }

        var tokens = new PatchTokens(rowShape[0], rowShape[1], rowShape[2], patch, width);
        layers.Add("tokens", tokens, $"{tokens.Count} patches of {patch}×{patch}");
    }

    private static int Patches(int size, int patch) => (size + patch - 1) / patch;
}
