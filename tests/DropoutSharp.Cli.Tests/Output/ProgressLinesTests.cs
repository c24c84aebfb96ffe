using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Cli.Tests.Output;

public sealed class ProgressLinesTests
{
    [Fact]
    public void Report_EpochsAndTrials_WritesTrialsAndOneLineAfterSilence()
    {
        using StringWriter error = new() { NewLine = "\n" };
        ManualTime time = new();
        ProgressLines lines = new(error, time);

        lines.Report(Progress(epoch: 1, finished: 0));
        time.Seconds = 20;
        lines.Report(Progress(epoch: 2, finished: 0));
        lines.Report(Progress(epoch: 3, finished: 0));
        lines.Report(Progress(epoch: 3, finished: 1) with { Trial = Trial });

        Assert.Equal(
            """
            [0/6] Dropout 0.3, seed 2: epoch 2/60, validation loss 0.2500; about 80 s left
            [1/6] Dropout 0.3, seed 2: done in 1.5 s, best epoch 2 of 3; about 80 s left

            """, error.ToString());
    }

    private static TrialResult Trial => new()
    {
        Seed = 2,
        Seconds = 1.5,
        BestEpoch = 2,
        Epochs = [Epoch(1), Epoch(2), Epoch(3)],
        Scores = new Dictionary<string, double>(),
        Reliability = [],
        MonteCarloReliability = [],
    };

    private static EpochMetrics Epoch(int epoch) => new(epoch, 0.5, 0.25, 0.9, 0.001);

    private static ComparisonProgress Progress(int epoch, int finished) => new()
    {
        Variant = "dropout",
        Name = "Dropout",
        DropRate = 0.3,
        Seed = 2,
        Epoch = Epoch(epoch),
        Epochs = 60,
        FinishedTrials = finished,
        Trials = 6,
        Done = 0.1,
        Remaining = TimeSpan.FromSeconds(80),
    };

    private sealed class ManualTime : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
