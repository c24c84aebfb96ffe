using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Networks;

/// <summary>A chain of dense layers: input dropout, then dense, normalisation where one is wished for, activation and dropout for each hidden size.</summary>
internal static class Mlp
{
    public static NetworkKind Kind { get; } = new()
    {
        Id = "mlp",
        Summary = "a chain of dense layers",
        HiddenSizes = [128, 128],
        Norms = [Normalization.Batch, Normalization.Layer, Normalization.Rms],
        AddHiddenLayers = AddHiddenLayers,
    };

    private static long AddHiddenLayers(LayerList layers, IReadOnlyList<int> rowShape, NetworkOptions options)
    {
        int inputs = rowShape.Aggregate(1, (product, size) => product * size);
        layers.Describe($"{inputs} inputs");
        if (rowShape.Count > 1)
        {
            layers.Add("flatten", Flatten());
        }

        layers.AddDropout("input", DropoutPlace.Input);
        return layers.AddDense(inputs, options.HiddenSizes!);
    }
}
