using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class ModelTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static readonly ModelTrainingOptions Options = new()
    {
        Variant = "dropout",
        DropRate = 0.2,
        Network = new NetworkOptions { HiddenSizes = [12] },
        Training = new TrainingOptions { Epochs = 30, BatchSize = 32, LearningRate = 0.02, Patience = 0, Decay = LearningRateDecay.Constant },
        MonteCarloPasses = 3,
    };

    [Fact]
    public void Run_CancelledAfterAnEpoch_SavesItsWeights()
    {
        PreparedData data = SmallData.Clouds();
        using CancellationTokenSource source = new();
        ModelTrainingResult stopped = ModelTraining.Run(data, Options, Path.Combine(_folder, "stopped"), metrics => CancelAt(metrics.Epoch, 4), source.Token);
        Assert.False(stopped.Complete);
        Assert.Equal((4, 4), (stopped.BestEpoch, stopped.Epochs.Count));
        Assert.True(File.Exists(Path.Combine(Path.Combine(_folder, "stopped"), ModelFolder.DescriptionName)));

        // The learning rate does not decay, and so these are the weights of a training of four epochs.
        ModelTrainingResult whole = ModelTraining.Run(data, Options with { Training = Options.Training with { Epochs = 4 } }, Path.Combine(_folder, "whole"));
        Assert.True(whole.Complete);
        Assert.Equal(whole.Scores, stopped.Scores);
        using Model model = ModelFolder.Load(Path.Combine(_folder, "stopped"));
        Assert.Equal("dropout", model.Description.Blueprint.Variant);

        void CancelAt(int epoch, int last)
        {
            if (epoch == last)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void Run_CancelledBeforeAnEpoch_SavesNothing()
    {
        Assert.Throws<OperationCanceledException>(() =>
            ModelTraining.Run(SmallData.Clouds(), Options, Path.Combine(_folder, "stopped"), null, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(Path.Combine(_folder, "stopped")));
    }
}
