using DropoutSharp.Lab.Claims;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class ClaimRunnerTests
{
    [Fact]
    public void Run_TrainingClaim_IsTheSameForAnyNumberOfThreads()
    {
        double[] one = Errors(1), many = Errors(3);

        Assert.Equal(one, many);
        Assert.All(one, error => Assert.InRange(error, 0, 60)); // far better than the 90 % of guessing
        Assert.Equal(3, one.Distinct().Count()); // each seed is a training of its own
    }

    [Fact]
    public void Run_DroppedNetwork_GivesTheVerdictOfItsParts()
    {
        ClaimResult result = Assert.Single(ClaimRunner.Run([new TinyClaim()], new ClaimOptions { Threads = 2 }, TestContext.Current.CancellationToken));

        Assert.Equal("digits", result.Data);
        Assert.Equal(ClaimVerdict.Holds, result.Verdict);
        Assert.True(result.Seconds > 0);
        Assert.True(result.ProcessorSeconds > 0);
    }

    [Fact]
    public void Run_ImagesWithATestPart_AreJudgedOnIt()
    {
        var claim = new TinyClaim();

        ClaimResult result = Assert.Single(ClaimRunner.Run(
            [claim], new ClaimOptions { DataPath = SharedData.Require("mnist"), Threads = 2 }, TestContext.Current.CancellationToken));

        Assert.Equal("mnist", result.Data);
        Assert.All(claim.Errors, error => Assert.InRange(error, 0, 60)); // far better than the 90 % of guessing
        Assert.All(claim.Errors, error => Assert.Equal(0, error * 20 % 1, 1e-6)); // 2,000 test rows
    }

    [Fact]
    public void ForSeeds_SeedThatFails_FailsWithItsOwnError()
    {
        using var context = new ClaimContext(new ClaimOptions { Threads = 2 }, TestContext.Current.CancellationToken);

        Assert.Throws<FormatException>(() => context.ForSeeds(3, seed => seed == 1 ? throw new FormatException() : 10 * seed));
    }

    [Fact]
    public void Run_DataThatDoNotExist_IsTheUsersMistake() =>
        Assert.Throws<UserErrorException>(() => ClaimRunner.Run(
            [new TinyClaim()], new ClaimOptions { DataPath = "nowhere.csv" }, TestContext.Current.CancellationToken).ToList());

    [Fact]
    public void Run_ImageClaimOnATable_IsTheUsersMistakeOrSkipped()
    {
        using TempFolder folder = new();
        string table = folder.PathOf("points.csv");
        File.WriteAllLines(table, ["x,y,class", .. Enumerable.Range(0, 200).Select(i => $"{i % 7},{i % 5},{(i % 2 == 0 ? "even" : "odd")}")]);
        var options = new ClaimOptions { DataPath = table, Threads = 1 };
        var skipped = new List<string>();

        var mistake = Assert.Throws<UserErrorException>(() => ClaimRunner.Run(ClaimCatalog.Find(["spatial"]), options, TestContext.Current.CancellationToken).ToList());
        List<ClaimResult> results = [.. ClaimRunner.Run(
            [.. ClaimCatalog.Find(["rates", "uncertainty", "spatial"]), new TinyClaim()], options, TestContext.Current.CancellationToken, (claim, lacking) => skipped.Add($"{claim.Name}: {lacking}"))];

        Assert.Equal("Claim spatial must be tried on images; received 'points.csv'.", mistake.Message);
        Assert.Equal(["rates: images", "uncertainty: three classes or more, so that some can be foreign", "spatial: images"], skipped);
        Assert.Equal("points.csv", Assert.Single(results).Data);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => ClaimRunner.Run([new TinyClaim()], new ClaimOptions(), cancelled.Token).ToList());
    }

    private static double[] Errors(int threads)
    {
        var claim = new TinyClaim();
        _ = ClaimRunner.Run([claim], new ClaimOptions { Threads = threads }, TestContext.Current.CancellationToken).ToList();
        return claim.Errors;
    }

    private sealed class TinyClaim : Claim
    {
        public override int Number => 1;

        public override string Name => "tiny";

        public override string Statement => "A network learns.";

        public override string Method => "Trains three networks for a moment.";

        public double[] Errors { get; private set; } = [];

        internal override ClaimFindings Try(ClaimContext context)
        {
            Errors = context.ForSeeds(3, seed =>
            {
                ClaimData data = context.Data(100, seed);
                using var model = ClaimNetworks.Mlp(data, 32, 0.1, 0.2);
                new ClaimTraining(80, LearningRate: 5e-3).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
                return ClassScores.Plain(model, data.Test, data.TestLabels).Error;
            });
            var measured = Measurement.Of("error", "%", Errors);
            return new ClaimFindings(
                [ClaimPart.Below("It learns.", measured, 90)],
                [],
                new ClaimPicture { Description = "d", XTitle = "x", YTitle = "y", Series = [ClaimSeries.Of("s", [1.0], [measured])] });
        }
    }
}
