using System.Text.Json;
using System.Text.Json.Nodes;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Tests.Training;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class ComparerTests
{
    private static readonly ComparisonOptions Options = new()
    {
        Variants = ["none", "dropout", "gaussian"],
        Rates = [0.1, 0.3],
        Seeds = [1, 2],
        Network = new NetworkOptions { HiddenSizes = [12] },
        Training = new TrainingOptions { Epochs = 3, BatchSize = 32, LearningRate = 0.02 },
        MonteCarloPasses = 4,
        UnsureExamples = 3,
    };

    [Fact]
    public void Run_Classification_ReportsEveryCandidateSeedAndScore()
    {
        ComparisonResult result = Comparer.Run(SmallData.Clouds(), Options);
        Assert.True(result.Complete);
        Assert.NotNull(result.Verdict);
        Assert.Equal(
            [("none", 0), ("dropout", 0.1), ("dropout", 0.3), ("gaussian", 0.1), ("gaussian", 0.3)],
            result.Candidates.Select(candidate => (candidate.Variant, candidate.DropRate)));
        Assert.All(result.Candidates, candidate =>
        {
            Assert.Equal([1ul, 2ul], candidate.Trials.Select(trial => trial.Seed));
            Assert.All((string[])["accuracy", "nll", "brier", "ece", "validation_nll"], name => Assert.Contains(name, candidate.Scores.Keys));
            Assert.Equal(candidate.Variant != "none", candidate.Scores.ContainsKey("mc_nll"));
            Assert.Equal(candidate.Variant != "none", candidate.Trials[0].MonteCarloReliability.Count > 0);
            Assert.Equal(candidate.Variant != "none", candidate.AgainstNone is not null);
            Assert.Equal(3, candidate.Trials[0].Epochs.Count);
        });
        Assert.All(result.Candidates.GroupBy(candidate => candidate.Variant), variant => Assert.Single(variant, candidate => candidate.IsChosenRate));
        Assert.Equal(3, result.UnsureExamples.Count);
        Assert.Equal(["x", "y"], result.UnsureExamples[0].Fields!.Select(field => field.Key));
    }

    [Fact]
    public void Run_Regression_JudgesInTheTargetsUnit()
    {
        ComparisonOptions options = Options with { Variants = ["dropout"], Rates = [0.1], Training = Options.Training with { Epochs = 15 } };
        ComparisonResult result = Comparer.Run(SmallData.Line(), options);
        CandidateResult none = result.Candidates[0], dropout = result.Candidates[1];
        Assert.Equal("regression", result.Data.Task);
        Assert.All((string[])["rmse", "nll", "crps", "ece"], name => Assert.Contains("mc_" + name, dropout.Scores.Keys));

        // Noise 2 around a line whose values spread by 12; a Gaussian of the true noise has NLL ln 2 + ½ ln 2πe = 2.11 and CRPS 2/√π = 1.13.
        Assert.InRange(none.Scores["rmse"].Mean, 1.2, 6);
        Assert.InRange(none.Scores["nll"].Mean, 1.7, 3.5);
        Assert.InRange(none.Scores["crps"].Mean, 0.7, 3.5);
    }

    [Fact]
    public void Run_RegressionWithNothingToRecommend_AsksTheBestDropoutWhatIsUnsure()
    {
        // One seed never suffices to recommend a variant.
        ComparisonOptions options = Options with { Variants = ["dropout"], Rates = [0.1], Seeds = [1] };
        ComparisonResult result = Comparer.Run(SmallData.Line(), options);
        Assert.Equal("none", result.Verdict!.Variant);
        Assert.Equal(new CandidateName("dropout", 0.1), result.UnsureCandidate);
        Assert.Equal(3, result.UnsureExamples.Count);
        Assert.All(result.UnsureExamples, example => Assert.True(example.Epistemic > 0));
        Assert.Equal(result.UnsureExamples.OrderByDescending(example => example.Epistemic), result.UnsureExamples);
    }

    [Fact]
    public void Run_OtherNumberOfWorkers_GivesTheSameResult()
    {
        PreparedData data = SmallData.Clouds();
        Assert.Equal(
            WithoutTimes(Comparer.Run(data, Options with { Workers = 1 })),
            WithoutTimes(Comparer.Run(data, Options with { Workers = 3 })));
    }

    [Fact]
    public void Run_Images_ShowsTheImagesThatAreUnsure()
    {
        ComparisonOptions options = Options with { Variants = ["dropout"], Rates = [0.2], Network = new NetworkOptions { Channels = [4], HiddenSizes = [8] } };
        ComparisonResult result = Comparer.Run(SmallData.Stripes(), options);
        Assert.Equal("cnn", result.Network.Kind);
        Assert.Equal([1, 6, 6], result.UnsureExamples[0].PixelShape!);
        Assert.Equal(36, result.UnsureExamples[0].Pixels!.Length);
    }

    [Fact]
    public void Run_InterruptedAndResumed_EqualsAnUninterruptedRun()
    {
        PreparedData data = SmallData.Clouds();
        using TempFolder folder = new();
        string path = folder.PathOf("run");

        using CancellationTokenSource stop = new();
        using (RunFolder run = RunFolder.Create(path, data, Options))
        {
            ComparisonResult partial = Comparer.Run(
                data, Options with { Workers = 1 }, run, new Watch(progress =>
                {
                    // In the middle of the fifth training.
                    if (progress is { FinishedTrials: 4, Trial: null, Epoch.Epoch: 2 })
                    {
                        stop.Cancel();
                    }
                }), stop.Token);
            Assert.False(partial.Complete);
            Assert.Null(partial.Verdict);
            Assert.Equal(4, partial.Candidates.Sum(candidate => candidate.Trials.Count));
            Assert.True(File.Exists(run.ResultPath));
        }

        Assert.Equal(4, Directory.GetFiles(Path.Combine(path, "trials")).Length);
        int trained = 0;
        ComparisonResult resumed;
        using (RunFolder run = RunFolder.Resume(path, data, Options))
        {
            resumed = Comparer.Run(data, Options, run, new Watch(progress => trained += progress.Trial is null ? 0 : 1));
        }

        Assert.Equal(6, trained);
        Assert.Equal(WithoutTimes(Comparer.Run(data, Options)), WithoutTimes(resumed));
        Assert.Equal(10 * 3, File.ReadAllLines(Path.Combine(path, "metrics.jsonl")).Length);
    }

    [Fact]
    public void Run_WithFolder_SavesTheRecommendedModel()
    {
        PreparedData data = SmallData.Clouds();
        using TempFolder folder = new();
        using RunFolder run = RunFolder.Create(folder.PathOf("run"), data, Options);
        ComparisonResult result = Comparer.Run(data, Options, run);
        using Model model = ModelFolder.Load(run.ModelPath);
        Assert.Equal((result.Verdict!.Variant, result.Verdict.DropRate), (model.Description.Blueprint.Variant, model.Description.Blueprint.DropRate));

        TrialResult best = result.Candidates.First(candidate => candidate.Variant == result.Verdict.Variant && candidate.DropRate == result.Verdict.DropRate)
            .Trials.MinBy(trial => trial.Scores["validation_nll"])!;
        using TensorRows test = new(data.Test, data.Task);
        (double loss, double accuracy) = Classes.LossAndAccuracy(NetworkOutputs.Compute(model.Network, test.Features), test.TargetValues);
        Assert.Equal(best.Seed, model.Description.Seed);
        Assert.Equal(best.Scores["accuracy"], accuracy);
        Assert.Equal(best.Scores["nll"], loss, 1e-10);
    }

    [Fact]
    public void Run_Resumed_WhenFinished_TrainsNothingAndSaysTheSame()
    {
        PreparedData data = SmallData.Clouds();
        using TempFolder folder = new();
        string path = folder.PathOf("run");
        string before = RunOnce(RunFolder.Create(path, data, Options));
        string after = RunOnce(RunFolder.Resume(path, data, Options), _ => Assert.Fail("Nothing was left to train."));
        Assert.Equal(before, after);

        string RunOnce(RunFolder run, Action<ComparisonProgress>? watch = null)
        {
            using (run)
            {
                return WithoutTimes(Comparer.Run(data, Options, run, watch is null ? null : new Watch(watch)));
            }
        }
    }

    [Fact]
    public void Run_Progress_RisesToTheEndOneReportAtATime()
    {
        List<double> done = [];
        int inside = 0;
        Comparer.Run(SmallData.Clouds(), Options with { Workers = 2 }, progress: new Watch(progress =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            done.Add(progress.Done);
            Interlocked.Decrement(ref inside);
        }));
        Assert.Equal(done.Order(), done);
        Assert.Equal(1, done[^1], 1e-12);
        Assert.Equal(10 * (3 + 1), done.Count); // an epoch each, and one when a training was judged
    }

    [Fact]
    public void Run_CancelledBeforeTheStart_IsEmptyButValid()
    {
        ComparisonResult result = Comparer.Run(SmallData.Clouds(), Options, cancellation: new CancellationToken(canceled: true));
        Assert.False(result.Complete);
        Assert.Empty(result.Candidates);
        Assert.Null(result.Verdict);
    }

    [Theory]
    [InlineData("rmse", "Score to rank by must be one of nll, accuracy, brier, ece, or one of these after mc_; received rmse.")]
    public void Run_ScoreOfAnotherTask_NamesThoseThereAre(string rankedBy, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => Comparer.Run(SmallData.Clouds(), Options with { RankedBy = rankedBy })).Message);

    [Fact]
    public void Run_VariantThatDoesNotSuit_SaysWhatItNeeds()
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => Comparer.Run(SmallData.Clouds(), Options with { Variants = ["alpha"] }));
        Assert.Equal("Variant alpha needs the activation selu; received network mlp with activation relu.", error.Message);
    }

    [Fact]
    public void Run_RankedByMonteCarlo_ComparesWithPlainNone()
    {
        ComparisonResult result = Comparer.Run(SmallData.Clouds(), Options with { Variants = ["dropout"], Rates = [0.3], RankedBy = "mc_nll" });
        CandidateResult none = result.Candidates[0], dropout = result.Candidates[1];
        Assert.Equal("mc_nll", dropout.AgainstNone!.Score);
        Assert.Equal(dropout.Scores["mc_nll"].Mean - none.Scores["nll"].Mean, dropout.AgainstNone.MeanDifference, 1e-12);
    }

    private static string WithoutTimes(ComparisonResult result)
    {
        JsonNode node = JsonSerializer.SerializeToNode(result, LabJson.OneLine)!;
        Strip(node);
        return node.ToJsonString(LabJson.OneLine);
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject properties)
        {
            properties.Remove("seconds");
            properties.Remove("trainingSeconds");
            foreach (JsonNode? child in properties.Select(property => property.Value))
            {
                Strip(child);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? child in items)
            {
                Strip(child);
            }
        }
    }

    private sealed class Watch(Action<ComparisonProgress> watch) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => watch(value);
    }
}
