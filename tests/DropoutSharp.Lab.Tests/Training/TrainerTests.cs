using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using TorchSharp;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 30, BatchSize = 32, LearningRate = 0.01, Patience = 30 };

    [Fact]
    public void Train_Clouds_LearnsThem()
    {
        PreparedData data = SmallData.Clouds();
        using TrainedNetwork trained = Train(data, Options, "none", 0);

        // Centres are 5.2 standard deviations apart: the best rule errs on under 1 % of the rows; chance is 33 %.
        Assert.True(trained.Epochs[^1].ValidationScore > 0.9);
        Assert.True(trained.Epochs[^1].TrainLoss < trained.Epochs[0].TrainLoss / 2);
        Assert.False(trained.Network.training);
    }

    [Fact]
    public void Train_Line_ReachesTheNoiseInTheTargetsUnit()
    {
        PreparedData data = SmallData.Line();
        using TrainedNetwork trained = Train(data, Options, "dropout", 0.05);
        Assert.InRange(trained.Epochs[trained.BestEpoch - 1].ValidationScore, 1, 4); // noise 2, spread of the targets 12
    }

    [Theory]
    [InlineData("concrete")]
    [InlineData("variational")]
    public void Train_LearnedDropout_MovesItsRates(string variant)
    {
        PreparedData clouds = SmallData.Clouds(), line = SmallData.Line();
        foreach (PreparedData data in (PreparedData[])[clouds, line])
        {
            using TrainedNetwork trained = Train(data, Options with { Epochs = 10 }, variant, 0.1);
            IReadOnlyList<(string Path, double DropRate)> rates = Torch.LearnedDropout.Rates(trained.Network);

            Assert.NotEmpty(rates);
            Assert.All(rates, rate => Assert.InRange(rate.DropRate, 0.001, 0.999));
            Assert.All(rates, rate => Assert.True(Math.Abs(rate.DropRate - 0.1) > 1e-3, $"{rate.Path} stayed at {rate.DropRate}"));
        }
    }

    [Fact]
    public void Train_Stripes_LearnsImages()
    {
        PreparedData data = SmallData.Stripes();
        using TrainedNetwork trained = Train(data, Options, "gaussian", 0.2);
        Assert.True(trained.Epochs[trained.BestEpoch - 1].ValidationScore > 0.9);
    }

    [Fact]
    public void Train_Twice_RepeatsToTheLastDigit()
    {
        PreparedData data = SmallData.Clouds();
        using TrainedNetwork one = Train(data, Options with { Epochs = 4 }, "dropout", 0.3);
        using TrainedNetwork same = Train(data, Options with { Epochs = 4 }, "dropout", 0.3);
        using TrainedNetwork other = Train(data, Options with { Epochs = 4 }, "dropout", 0.3, seed: 2);
        Assert.Equal(one.Epochs, same.Epochs);
        Assert.Equal(Weights(one), Weights(same));
        Assert.NotEqual(Weights(one), Weights(other));
    }

    [Fact]
    public void Train_OnSeveralThreadsAtOnce_RepeatsToTheLastDigit()
    {
        PreparedData data = SmallData.Clouds();
        using TrainedNetwork alone = Train(data, Options with { Epochs = 4 }, "dropout", 0.3);
        float[][] together = new float[4][];
        Thread[] threads = [.. Enumerable.Range(0, together.Length).Select(i => new Thread(() =>
        {
            using TrainedNetwork trained = Train(data, Options with { Epochs = 4 }, "dropout", 0.3);
            together[i] = Weights(trained);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(together, weights => Assert.Equal(Weights(alone), weights));
    }

    [Fact]
    public void Train_ValidationStopsImproving_EndsAfterPatienceWithTheBestWeights()
    {
        PreparedData data = SmallData.Clouds(rows: 90);

        // A learning rate that overshoots: the loss soon jumps about.
        TrainingOptions wild = Options with { LearningRate = 0.3, Decay = LearningRateDecay.Constant, Patience = 3, Epochs = 200 };
        using TrainedNetwork trained = Train(data, wild, "none", 0);
        Assert.True(trained.Epochs.Count < 200);
        Assert.Equal(trained.BestEpoch + 3, trained.Epochs.Count);
        Assert.Equal(trained.Epochs.Min(epoch => epoch.ValidationLoss), trained.Epochs[trained.BestEpoch - 1].ValidationLoss);

        using TensorRows validation = new(data.Validation, data.Task);
        (double loss, _) = Classes.LossAndAccuracy(NetworkOutputs.Compute(trained.Network, validation.Features), validation.TargetValues);
        Assert.Equal(trained.Epochs[trained.BestEpoch - 1].ValidationLoss, loss);
    }

    [Fact]
    public void Train_PatienceZero_KeepsTheLastWeights()
    {
        PreparedData data = SmallData.Clouds(rows: 90);
        TrainingOptions wild = Options with { LearningRate = 0.3, Decay = LearningRateDecay.Constant, Patience = 0, Epochs = 12 };
        using TrainedNetwork trained = Train(data, wild, "none", 0);
        Assert.Equal((12, 12), (trained.BestEpoch, trained.Epochs.Count));
        using TensorRows validation = new(data.Validation, data.Task);
        (double loss, _) = Classes.LossAndAccuracy(NetworkOutputs.Compute(trained.Network, validation.Features), validation.TargetValues);
        Assert.Equal(trained.Epochs[^1].ValidationLoss, loss);
    }

    [Fact]
    public void Train_Diverging_KeepsTheFirstWeights()
    {
        PreparedData data = SmallData.Line(rows: 60);
        TrainingOptions absurd = Options with { LearningRate = 1e30, Epochs = 5 };
        using TrainedNetwork trained = Train(data, absurd, "none", 0);
        Assert.Equal(0, trained.BestEpoch);
        Assert.All(Weights(trained), weight => Assert.InRange(weight, -10f, 10f));
    }

    [Fact]
    public void Train_Cancelled_StopsAndThrows()
    {
        PreparedData data = SmallData.Clouds();
        using CancellationTokenSource stop = new();
        int epochs = 0;
        Assert.Throws<OperationCanceledException>(() => Train(data, Options, "dropout", 0.3, report: _ =>
        {
            if (++epochs == 2)
            {
                stop.Cancel();
            }
        }, cancellation: stop.Token));
        Assert.Equal(2, epochs);
    }

    [Fact]
    public void Train_ManyEpochs_LeavesNoTensorBehind()
    {
        PreparedData data = SmallData.Clouds(rows: 90);
        Train(data, Options with { Epochs = 1 }, "dropout", 0.3).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Train(data, Options with { Epochs = 10 }, "dropout", 0.3).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0, 32, 1e-3, "Epochs must be at least 1; received 0.")]
    [InlineData(1, 0, 1e-3, "Batch size must be at least 1; received 0.")]
    [InlineData(1, 32, 0, "Learning rate must be above 0; received 0.")]
    [InlineData(1, 32, double.NaN, "Learning rate must be above 0; received NaN.")]
    public void Check_OutOfRange_SaysWhatMustBe(int epochs, int batchSize, double learningRate, string message)
    {
        TrainingOptions options = new() { Epochs = epochs, BatchSize = batchSize, LearningRate = learningRate };
        Assert.Equal(message, Assert.Throws<UserErrorException>(options.Check).Message);
    }

    private static TrainedNetwork Train(
        PreparedData data, TrainingOptions options, string variant, double rate, ulong seed = 1,
        Action<EpochMetrics>? report = null, CancellationToken cancellation = default)
    {
        using TensorRows train = new(data.Train, data.Task), validation = new(data.Validation, data.Task);
        NetworkBlueprint blueprint = new()
        {
            Network = NetworkCatalog.Resolve(new NetworkOptions { HiddenSizes = [24], Channels = [8] }, data.Train.Shape),
            RowShape = data.Train.Shape,
            Outputs = Math.Max(1, data.Classes.Count),
            Variant = variant,
            DropRate = rate,
        };
        return new Trainer(train, validation, data.Task, data.TargetScale, options).Train(blueprint, new TrialKeys(seed), report, cancellation);
    }

    private static float[] Weights(TrainedNetwork trained) =>
        [.. trained.Network.parameters().SelectMany(parameter => parameter.detach().flatten().data<float>())];
}
