using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Inspection;

/// <summary>Inspects a saved model's dropout on rows, and repairs its BatchNorm statistics.</summary>
public static class ModelInspection
{
    private const int RowsWithoutData = 512;
    private const int MostRows = 4096;
    private const ulong RowsTag = 0x726F7773; // "rows"

    /// <summary>What is wrong with a model's dropout, and what to do.</summary>
    /// <param name="model">A saved model.</param>
    /// <param name="dataPath">
    /// Rows with the columns that the model was trained on; the first 4,096 are used. Null for rows of independent numbers, standard normal for a table and uniform in [0, 1] for images: enough to see what
    /// the model's parts do to each other, while the sizes of shifts depend on the data.
    /// </param>
    /// <param name="passes">Over how many masks training variance is averaged, at least 1.</param>
    /// <exception cref="UserErrorException">The rows cannot be used.</exception>
    public static InspectionReport Inspect(Model model, string? dataPath, int passes = 16)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Tensor rows = dataPath is null ? Numbers(model) : Read(model, dataPath).First();
        return ModelInspector.Inspect(model.Network, rows, passes);
    }

    /// <summary>Computes every BatchNorm's statistics anew over all rows, with dropout off, and saves the model.</summary>
    /// <param name="model">A saved model; its network is changed.</param>
    /// <param name="dataPath">The rows that the model was trained on.</param>
    /// <param name="destination">The folder to save to; may be the one that the model came from.</param>
    /// <returns>How many BatchNorm layers were set; where it is 0, nothing is saved.</returns>
    /// <exception cref="UserErrorException">The rows cannot be used, or the folder cannot be written.</exception>
    public static int Recompute(Model model, string dataPath, string destination)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        int layers = BatchNormStatistics.Recompute(model.Network, Read(model, dataPath));
        if (layers > 0)
        {
            ModelFolder.Save(destination, model.Description, model.Network);
        }

        return layers;
    }

    private static IEnumerable<Tensor> Read(Model model, string path)
    {
        using RowStream stream = RowStream.Open(path, model.Description.Encoder);
        EncodedRows rows = stream.ReadAll();
        if (rows.Count < 2)
        {
            throw new UserErrorException($"'{path}' must have at least 2 rows to inspect a model with; received {rows.Count}.");
        }

        long[] shape = [rows.Count, .. rows.Shape.Select(size => (long)size)];
        Tensor all = tensor(rows.Features).reshape(shape);
        for (long first = 0; first < rows.Count; first += MostRows)
        {
            // A last batch of a single row has no variance: it goes with the one before.
            long count = rows.Count - first is > MostRows and not MostRows + 1 ? MostRows : rows.Count - first;
            yield return all.narrow(0, first, count);
            if (first + count == rows.Count)
            {
                yield break;
            }
        }
    }

    private static Tensor Numbers(Model model)
    {
        IReadOnlyList<int> shape = model.Description.Blueprint.RowShape;
        var stream = new MaskStream(RowsTag);
        var values = new float[RowsWithoutData * shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(shape.Count == 3 ? stream.Uniform(i) : stream.Normal(i));
        }

        return tensor(values).reshape([RowsWithoutData, .. shape.Select(size => (long)size)]);
    }
}
