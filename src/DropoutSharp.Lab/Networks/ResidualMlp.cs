using DropoutSharp.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>A dense layer to the width of the first hidden size, a residual block for each hidden size, and a normalisation.</summary>
internal static class ResidualMlp
{
    public static NetworkKind Kind { get; } = new()
    {
        Id = "resmlp",
        Summary = "residual blocks of two dense layers",
        HiddenSizes = [128, 128, 128, 128],
        AddHiddenLayers = AddHiddenLayers,
    };

    private static long AddHiddenLayers(LayerList layers, IReadOnlyList<int> rowShape, NetworkOptions options)
    {
        IReadOnlyList<int> sizes = options.HiddenSizes!; // resolved
        int inputs = rowShape.Aggregate(1, (product, size) => product * size);
        layers.Describe($"{inputs} inputs");
        if (rowShape.Count > 1)
        {
            layers.Add("flatten", Flatten());
        }

        layers.AddDropout("input", DropoutPlace.Input);
        if (sizes.Count == 0)
        {
            return inputs;
        }

        int width = sizes[0];
        layers.Add("dense", Linear(inputs, width), $"dense {width}");
        List<Module<Tensor, Tensor>> blocks = [];
        for (int block = 0; block < sizes.Count; block++)
        {
            Module<Tensor, Tensor>? dropout = layers.Sites.Create(DropoutPlace.Hidden);
            PathOptions path = layers.Sites.CreatePath(block, sizes.Count, branches: 1);
            blocks.Add(new ResidualMlpBlock(width, sizes[block], dropout, path, activation: layers.CreateActivation()));
            layers.Describe($"residual {sizes[block]}");
        }

        layers.AddBlocks(blocks);
        layers.Add("norm", LayerNorm(width));
        return width;
    }
}
