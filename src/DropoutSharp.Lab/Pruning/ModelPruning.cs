using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Lab.Training;
using DropoutSharp.Lab.UncertaintyQuality;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Pruning;

/// <summary>Takes the weights that are noise out of a saved model and saves what is left.</summary>
public static class ModelPruning
{
    /// <summary>Prunes a model.</summary>
    /// <param name="model">A model with sparse variational layers; its network is changed.</param>
    /// <param name="data">Rows with targets that it was not trained on, which judge and calibrate what is left; null for none, and the pruned model is then not calibrated.</param>
    /// <param name="destination">The folder of the pruned model.</param>
    /// <param name="options">How.</param>
    /// <exception cref="UserErrorException">There is nothing to prune or nothing left, or the rows cannot be used; the message is one sentence.</exception>
    public static PrunedModel Run(Model model, string? data, string destination, PruningOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Network network = model.Network;
        network.eval();
        using QualityRows? rows = data is null ? null : QualityRows.Read(data, model.Description, 0, needsTargets: true);
        float[] whole = rows is null ? [] : NetworkOutputs.Compute(network, rows.Features);
        long denseBytes = DenseBytes(network);
        PruningReport report = Prune(model, options.LogAlphaThreshold);
        float[] pruned = rows is null ? [] : NetworkOutputs.Compute(network, rows.Features);
        Sequential? small = Shrink(network);
        Linear[] layers = small is null ? [] : [.. small.children().OfType<Linear>()];
        if (options.CompressedFile is { } file)
        {
            SaveCompressed(file, layers);
        }

        Save(model, small, data, destination, options);
        TargetEncoder target = model.Description.Encoder.Target;
        return new PrunedModel(
            report.Layers, report.Compression, layers.Length == 0 ? [] : [layers[0].in_features, .. layers.Select(layer => layer.out_features)], denseBytes,
            small is null ? null : layers.Sum(layer => CompressedRows.From(layer.weight!).ByteCount + (layer.out_features * sizeof(float))),
            small is null || rows is null ? null : Difference(small, rows.Features, pruned),
            rows is null ? null : target.Task == LearningTask.Classification ? ScoreNames.Accuracy : ScoreNames.RootMeanSquaredError,
            rows is null ? null : Score(whole, rows.Targets, target), rows is null ? null : Score(pruned, rows.Targets, target), rows?.Count ?? 0, destination);
    }

    private static PruningReport Prune(Model model, double threshold)
    {
        try
        {
            PruningReport report = VariationalPruning.Prune(model.Network, threshold);
            return report.Kept > 0
                ? report
                : throw new UserErrorException(FormattableString.Invariant($"Pruning must leave a weight; at a threshold of {threshold} none is left."));
        }
        catch (ArgumentException)
        {
            throw new UserErrorException(
                $"Pruning needs a model of variant sparse, whose noise says which weights are not needed; this one is of variant {model.Description.Blueprint.Variant}.");
        }
    }

    /// <summary>The smaller network of a chain of dense layers; null for other networks.</summary>
    private static Sequential? Shrink(Network network)
    {
        try
        {
            return DenseExport.Shrink(nn.Sequential(network.named_children().Select(child => (child.name, (nn.Module<Tensor, Tensor>)child.module))));
        }
        catch (ArgumentException)
        {
            return null; // Convolutions keep their size; they are saved with zeros.
        }
    }

    private static void Save(Model model, Sequential? small, string? data, string destination, PruningOptions options)
    {
        ModelDescription description = model.Description with { Calibration = null };
        if (!options.AsDense)
        {
            Save(model with { Description = description });
            return;
        }

        if (small is null || description.Blueprint.Network.Kind != "mlp")
        {
            throw new UserErrorException($"A smaller dense model must come from network mlp; received {description.Blueprint.Network.Kind}.");
        }

        Linear[] layers = [.. small.children().OfType<Linear>()];
        NetworkBlueprint blueprint = description.Blueprint with
        {
            Network = description.Blueprint.Network with { HiddenSizes = [.. layers[..^1].Select(layer => (int)layer.out_features)] },
            Variant = VariantCatalog.None.Id,
            DropRate = 0,
        };
        using Network dense = blueprint.Build(0, 0);
        foreach ((Linear from, Linear to) in layers.Zip(dense.Layers.OfType<Linear>()))
        {
            to.weight!.copy_(from.weight!);
            to.bias!.copy_(from.bias!);
        }

        dense.eval();
        Save(new Model(description with { Blueprint = blueprint }, dense));

        void Save(Model saved) => ModelFolder.Save(
            destination,
            data is null ? saved.Description : saved.Description with { Calibration = ModelCalibrator.Run(saved, data, options.Passes, options.Seed) },
            saved.Network);
    }

    private static void SaveCompressed(string file, Linear[] layers)
    {
        if (layers.Length == 0)
        {
            throw new UserErrorException("Compressed rows must come from network mlp, a chain of dense layers.");
        }

        List<(string, Tensor)> tensors = [];
        for (int i = 0; i < layers.Length; i++)
        {
            CompressedRows rows = CompressedRows.From(layers[i].weight!);
            string name = $"layer{i + 1}";
            tensors.Add(($"{name}.row_starts", tensor([.. rows.RowStarts])));
            tensors.Add(($"{name}.column_indices", tensor([.. rows.ColumnIndices])));
            tensors.Add(($"{name}.values", tensor([.. rows.Values])));
            tensors.Add(($"{name}.shape", tensor((long[])[rows.Rows, rows.Columns])));
            tensors.Add(($"{name}.bias", layers[i].bias!.detach()));
        }

        try
        {
            Safetensors.Save(file, tensors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CheckpointException)
        {
            throw new UserErrorException($"'{file}' must be a file that can be written; {exception.Message.Split('\n')[0].TrimEnd('.')}.", exception);
        }
    }

    /// <summary>What evaluation reads: not the noise, nor which weights are left.</summary>
    private static long DenseBytes(Network network) => sizeof(float) * network.named_parameters()
        .Where(entry => !entry.name.EndsWith("noise", StringComparison.Ordinal)).Sum(entry => entry.parameter.numel());

    private static double Difference(Sequential small, Tensor features, float[] outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor own = small.call(features);
        return (own - tensor(outputs).reshape(own.shape)).abs().max().item<float>();
    }

    private static double Score(float[] outputs, float[] targets, TargetEncoder target) => target.Task == LearningTask.Classification
        ? Classes.LossAndAccuracy(outputs, targets).Accuracy
        : target.Scale * RegressionScores.RootMeanSquaredError<float>(outputs, targets);
}
