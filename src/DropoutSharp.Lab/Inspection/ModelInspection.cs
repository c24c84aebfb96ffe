using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.UncertaintyQuality;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Inspection;

/// <summary>Inspects a saved model's dropout on rows, holds it against another model, and repairs its BatchNorm statistics.</summary>
public static class ModelInspection
{
    private const int RowsWithoutData = 512;
    private const int MostRows = 4096;
    private const int MostJudgedRows = 2000;
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
            ModelFolder.Save(destination, model.Description with { Calibration = null }, model.Network); // It was off by something else with the old statistics.
        }

        return layers;
    }

    /// <summary>How far a classifier with dropout off is from the average of its sub-networks, for which it stands.</summary>
    /// <param name="model">A saved classifier with dropout.</param>
    /// <param name="dataPath">Rows with targets; of data with a test part that part, and 2,000 evenly chosen rows of more.</param>
    /// <param name="passes">How many sub-networks are averaged, at least 2.</param>
    /// <exception cref="UserErrorException">The model is no classifier or has no dropout, or the rows cannot be used.</exception>
    public static WeightScalingReport MeasureWeightScaling(Model model, string dataPath, int passes = 100)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Description.Encoder.Target.Task != LearningTask.Classification)
        {
            throw new UserErrorException("Weight scaling is measured on a classifier; the model predicts numbers.");
        }

        if (!model.Network.HasDropout)
        {
            throw new UserErrorException($"The model must have dropout, so that there are sub-networks to average; it was trained as '{model.Description.Blueprint.Variant}', which has none.");
        }

        using QualityRows rows = QualityRows.Read(dataPath, model.Description, MostJudgedRows, needsTargets: true);
        using Tensor targets = Targets(model, rows);
        return WeightScaling.Measure(model.Network, rows.Features, passes, targets);
    }

    /// <summary>How much the units of a hidden layer rely on each other, in two models on the same rows.</summary>
    /// <param name="model">A saved model.</param>
    /// <param name="against">Another one, such as the same network trained without dropout.</param>
    /// <param name="dataPath">Rows with targets; of data with a test part that part, and 2,000 evenly chosen rows of more.</param>
    /// <param name="layer">The path of an activation that both have; null for the last.</param>
    /// <exception cref="UserErrorException">The models learned different things or share no such layer, or the rows cannot be used.</exception>
    public static CoAdaptationPair CompareCoAdaptation(Model model, Model against, string dataPath, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(against);
        TargetEncoder one = model.Description.Encoder.Target, other = against.Description.Encoder.Target;
        if (one.Task != other.Task || one.Name != other.Name)
        {
            throw new UserErrorException(
                $"Two models must predict the same to be compared; received '{one.Name}' ({Word(one.Task)}) and '{other.Name}' ({Word(other.Task)}).");
        }

        string shared = HiddenLayers.Shared(model.Network, against.Network, layer);
        return new CoAdaptationPair(shared, Measure(model), Measure(against));

        CoAdaptationReport Measure(Model each)
        {
            using QualityRows rows = QualityRows.Read(dataPath, each.Description, MostJudgedRows, needsTargets: true);
            using Tensor targets = Targets(each, rows);
            return CoAdaptation.Measure(each.Network, shared, rows.Features, targets);
        }
    }

    private static Tensor Targets(Model model, QualityRows rows)
    {
        using var scope = NewDisposeScope();
        Tensor targets = tensor(rows.Targets);
        return (model.Description.Encoder.Target.Task == LearningTask.Classification ? targets.to(int64) : targets.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    private static string Word(LearningTask task) => task.ToString().ToLowerInvariant();

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
