using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Pruning of all sparse variational layers of a model.</summary>
public static class VariationalPruning
{
    /// <summary>Takes out every weight that is mostly noise; see <see cref="VariationalLayer.Prune"/>.</summary>
    /// <param name="model">Any model.</param>
    /// <param name="logAlphaThreshold">Weights with ln α above this are taken out; 3 in the paper (Molchanov, Ashukha and Vetrov 2017).</param>
    /// <returns>What is left.</returns>
    /// <exception cref="ArgumentException">The model has no layer with sparse noise.</exception>
    public static PruningReport Prune(nn.Module model, double logAlphaThreshold = 3)
    {
        VariationalLayer[] sparse = [.. Layers(model).Select(found => found.Layer).Where(layer => layer.Options.Kind == VariationalKind.Sparse)];
        if (sparse.Length == 0)
        {
            throw new ArgumentException("Pruning needs a model with sparse variational layers; found none.", nameof(model));
        }

        foreach (VariationalLayer layer in sparse)
        {
            layer.Prune(logAlphaThreshold);
        }

        return Report(model);
    }

    /// <summary>What is left of each variational layer, without changing anything.</summary>
    /// <param name="model">Any model.</param>
    public static PruningReport Report(nn.Module model) =>
        new([.. Layers(model).Select(found => new PrunedLayer(found.Path, found.Layer.WeightCount, found.Layer.KeptCount))]);

    private static IEnumerable<(string Path, VariationalLayer Layer)> Layers(nn.Module model) =>
        LearnedDropout.Of(model).Where(found => found.Module is VariationalLayer).Select(found => (found.Path, (VariationalLayer)found.Module));
}
