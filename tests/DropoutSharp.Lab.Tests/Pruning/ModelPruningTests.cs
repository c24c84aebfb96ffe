using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Pruning;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Pruning;

public sealed class ModelPruningTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_SparseModel_ReportsAndSavesWhatIsLeft()
    {
        ModelTrainingResult trained = Train("sparse");
        Assert.Equal(["dense1", "dense2"], trained.LearnedRates.Select(rate => rate.Site));
        Assert.All(trained.LearnedRates, rate => Assert.InRange(rate.DropRate, 0.05, 1)); // They start at 0.05 and only rise under the divergence.
        Assert.All(trained.Epochs, epoch => Assert.Equal(2, epoch.LearnedRates!.Count));
        Assert.Equal(trained.LearnedRates.Select(rate => rate.DropRate), trained.Epochs[^1].LearnedRates!);

        using Model model = ModelFolder.Load(Model);
        PrunedModel pruned = ModelPruning.Run(
            model, "digits", _folder.PathOf("masked"), new() { LogAlphaThreshold = 1, Passes = 3, CompressedFile = _folder.PathOf("rows.safetensors") });
        using Model whole = ModelFolder.Load(Model);
        PrunedModel small = ModelPruning.Run(whole, "digits", _folder.PathOf("dense"), new() { LogAlphaThreshold = 1, AsDense = true });

        Assert.Equal(1797, pruned.Rows);
        Assert.Equal(pruned.Layers.Sum(layer => layer.Weights) / (double)pruned.Layers.Sum(layer => layer.Kept), pruned.Compression, 1e-12);
        Assert.True(pruned.Compression > 1.2, $"compression {pruned.Compression}");
        Assert.InRange(pruned.After!.Value, pruned.Before!.Value - 0.1, 1);
        Assert.True(pruned.LargestDifference < 1e-4);
        Assert.True(pruned.CompressedBytes < pruned.DenseBytes);
        Assert.Equal([64, .. pruned.UnitsLeft.Skip(1).SkipLast(1), 10], pruned.UnitsLeft);

        // Masked and dense models predict the same, also after they were loaded again.
        using Model masked = ModelFolder.Load(_folder.PathOf("masked")), dense = ModelFolder.Load(_folder.PathOf("dense"));
        Assert.True(masked.Network.HasDropout);
        Assert.False(dense.Network.HasDropout);
        Assert.Equal(small.UnitsLeft.Skip(1).SkipLast(1).Select(units => (int)units), dense.Description.Blueprint.Network.HiddenSizes!);
        using (IDisposable scope = NewDisposeScope(), noGradient = no_grad())
        {
            Tensor rows = randn(20, 64);
            Assert.True(masked.Network.call(rows.reshape(20, 1, 8, 8)).allclose(dense.Network.call(rows.reshape(20, 1, 8, 8)), 1e-4, 1e-4));
        }

        Assert.Equal((1797, 3), (masked.Description.Calibration!.Rows, masked.Description.Calibration.Passes));
        Assert.Equal((1797, 1), (dense.Description.Calibration!.Rows, dense.Description.Calibration.Passes));
        using SafetensorsFile compressed = Safetensors.Load(_folder.PathOf("rows.safetensors"));
        Assert.Equal(dense.Network.parameters().First().count_nonzero().item<long>(), compressed.Tensors["layer1.values"].numel());
    }

    [Fact]
    public void Run_ModelOfAnotherVariant_SaysWhatItNeeds()
    {
        Train("dropout");
        using Model model = ModelFolder.Load(Model);
        Assert.Equal(
            "Pruning needs a model of variant sparse, whose noise says which weights are not needed; this one is of variant dropout.",
            Assert.Throws<UserErrorException>(() => ModelPruning.Run(model, null, _folder.PathOf("out"), new())).Message);
        Assert.False(Directory.Exists(_folder.PathOf("out")));
    }

    [Fact]
    public void Run_NothingLeft_SaysSo()
    {
        Train("sparse");
        using Model model = ModelFolder.Load(Model);
        Assert.Equal(
            "Pruning must leave a weight; at a threshold of -8 none is left.",
            Assert.Throws<UserErrorException>(() => ModelPruning.Run(model, null, _folder.PathOf("out"), new() { LogAlphaThreshold = -8 })).Message);
    }

    private string Model => _folder.PathOf("model");

    private ModelTrainingResult Train(string variant) => ModelTraining.Run(
        DataPreparation.Prepare((string?)null, new() { TrainRows = 600 }),
        new()
        {
            Variant = variant,
            DropRate = 0.05,
            Network = new NetworkOptions { Kind = "mlp", HiddenSizes = [48, 24] },
            Training = new() { Epochs = 15, Patience = 0, LearningRate = 0.01 },
            MonteCarloPasses = 2,
        },
        Model);
}
