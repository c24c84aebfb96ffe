using System.Text.Json.Nodes;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Distillation;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Distillation;

public sealed class DistillerTests : IDisposable
{
    private static readonly DistillationOptions Few = new() { Members = 3, Candidates = 8, TeacherPasses = 20, Epochs = 2 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Digits_SavesAnEnsembleThatPredicts()
    {
        Train("dropout", 0.5);
        DistilledModel distilled = Distil(Few);

        // Two hidden layers of half their units: weights between them are a quarter, those at the ends a half.
        Assert.Equal(3, distilled.Passes.Distinct().Count());
        Assert.Equal("kl", distilled.Measure);
        Assert.InRange(distilled.Parameters, 1, 3 * distilled.NetworkParameters * 3 / 4);

        // The weights of the best epoch are kept, and the choice is among them.
        Assert.InRange(distilled.Distilled, 0, distilled.Chosen);
        Assert.InRange(distilled.Score!.Value, 0, 1);

        using Model loaded = ModelFolder.Load(_folder.PathOf("ensemble"));
        SubNetworkEnsemble ensemble = loaded.Network.Ensemble!;
        Assert.Equal(3, ensemble.Members.Count);
        Assert.Equal(distilled.Passes, loaded.Description.Ensemble!.Passes);
        Assert.False(loaded.Network.HasDropout);
        (double[] probabilities, double[] epistemic) = Predict(loaded);
        Assert.Contains(epistemic, static value => value > 1e-6);
        Assert.All(probabilities, static value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Run_NoEpochs_IsTheSubNetworksAsTheyWere()
    {
        Train("dropout", 0.5);
        DistilledModel distilled = Distil(Few with { Epochs = 0 });
        Assert.Equal(distilled.Chosen, distilled.Distilled);

        using Model whole = ModelFolder.Load(_folder.PathOf("model")), loaded = ModelFolder.Load(_folder.PathOf("ensemble"));
        using Tensor row = rand([4, .. whole.Description.Blueprint.RowShape.Select(static size => (long)size)]);
        Tensor[] passes = [.. new McDropout(whole.Network).Stream(row, new(8, Few.Seed, IsSharedByRows: true))];
        foreach ((int pass, nn.Module<Tensor, Tensor> member) in distilled.Passes.Zip(loaded.Network.Ensemble!.Members))
        {
            Assert.True(passes[pass].allclose(member.call(row), 1e-4, 1e-4));
        }
    }

    [Fact]
    public void Run_Ensemble_CanBeCalibrated()
    {
        Train("dropout", 0.5);
        Distil(Few with { Epochs = 0 });
        using Model loaded = ModelFolder.Load(_folder.PathOf("ensemble"));
        Assert.Equal(3, ModelCalibrator.Run(loaded, null, 50, 1).Passes);
    }

    [Fact]
    public void Run_ModelThatHasNoSubNetworks_SaysWhy()
    {
        Train("none", 0);
        Assert.Equal("Distillation needs a model with dropout; this one is of variant none.", Assert.Throws<UserErrorException>(() => Distil(Few)).Message);
        Train("gaussian", 0.5);
        Assert.StartsWith(
            "An ensemble of sub-networks needs dropout that takes whole units out, such as variant dropout on network mlp; received variant gaussian on network mlp:",
            Assert.Throws<UserErrorException>(() => Distil(Few)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Distillation needs at least 1 member", Assert.Throws<UserErrorException>(() => Distil(Few with { Members = 0 })).Message, StringComparison.Ordinal);
        Train("dropout", 0.5);
        Distil(Few with { Epochs = 0 });
        using Model ensemble = ModelFolder.Load(_folder.PathOf("ensemble"));
        Assert.Equal(
            "Distillation needs a model with dropout; this one is an ensemble already.",
            Assert.Throws<UserErrorException>(() => Distiller.Run(ensemble, null, _folder.PathOf("again"), Few)).Message);
    }

    [Fact]
    public void Load_EnsembleOfNoMembers_SaysWhatMustBe()
    {
        Train("dropout", 0.5);
        Distil(Few with { Epochs = 0 });
        using Model loaded = ModelFolder.Load(_folder.PathOf("ensemble"));
        ModelFolder.Save(_folder.PathOf("none"), loaded.Description with { Ensemble = new(1, []) }, loaded.Network);

        Assert.EndsWith("must have 1 to 10000 sub-networks.", Assert.Throws<UserErrorException>(() => ModelFolder.Load(_folder.PathOf("none"))).Message, StringComparison.Ordinal);
    }

    private DistilledModel Distil(DistillationOptions options)
    {
        using Model model = ModelFolder.Load(_folder.PathOf("model"));
        return Distiller.Run(model, null, _folder.PathOf("ensemble"), options, TestContext.Current.CancellationToken);
    }

    private void Train(string variant, double rate) => ModelTraining.Run(
        DataPreparation.Prepare((string?)null, new() { TrainRows = 200 }),
        new() { Variant = variant, DropRate = rate, Network = new NetworkOptions { Kind = "mlp", HiddenSizes = [48, 48] }, Training = new() { Epochs = 3 }, MonteCarloPasses = 2 },
        _folder.PathOf("model"));

    private static (double[] Probabilities, double[] Epistemic) Predict(Model model)
    {
        using RowStream rows = RowStream.Open(null, model.Description.Encoder, new() { BatchRows = 600 });
        using MemoryStream written = new();
        using PredictionWriter writer = PredictionWriter.Create(written, OutputFormat.JsonLines, rows, new());
        new Predictor(model, new()).Predict(rows, writer, cancellation: TestContext.Current.CancellationToken);
        writer.Complete();
        JsonNode[] lines = [.. System.Text.Encoding.UTF8.GetString(written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!)];
        return ([.. lines.Select(static line => (double)line["probability"]!)], [.. lines.Select(static line => (double)line["epistemic"]!)]);
    }
}
