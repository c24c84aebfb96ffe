using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Tests.Training;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class RunFolderTests
{
    private static readonly PreparedData Data = SmallData.Clouds(rows: 60);
    private static readonly ComparisonOptions Options = new() { Variants = ["none", "dropout"], Rates = [0.2], Seeds = [1, 2] };

    [Fact]
    public void Create_ThenRead_GivesTheConfigurationBack()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("runs/one");
        using (RunFolder run = RunFolder.Create(path, Data, Options, new Dictionary<string, string> { ["data"] = "clouds.csv" }))
        {
            Assert.Equal(Path.GetFullPath(path), run.FullPath);
        }

        RunConfiguration configuration = RunFolder.ReadConfiguration(path);
        Assert.Equal("clouds.csv", configuration.Source["data"]);
        Assert.Equal("mlp", configuration.Options.Network.Kind);
        Assert.Null(configuration.DifferenceTo(configuration));
    }

    [Fact]
    public void Create_WhereARunIs_Refuses()
    {
        using TempFolder folder = new();
        RunFolder.Create(folder.PathOf("one"), Data, Options).Dispose();
        string message = Assert.Throws<UserErrorException>(() => RunFolder.Create(folder.PathOf("one"), Data, Options)).Message;
        Assert.Contains("already holds a run", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WhereOtherFilesAre_Refuses()
    {
        using TempFolder folder = new();
        folder.Write("thesis.txt", "precious");
        string message = Assert.Throws<UserErrorException>(() => RunFolder.Create(folder.FullName, Data, Options)).Message;
        Assert.Contains("holds something else", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherOptions_NamesTheFirstDifference()
    {
        using TempFolder folder = new();
        RunFolder.Create(folder.PathOf("one"), Data, Options).Dispose();
        Refuses(Options with { Training = new TrainingOptions { Epochs = 7 } }, "options.training.epochs is 300 there and 7 here.");
        Refuses(Options with { Seeds = [1, 2, 3] }, "options.seeds is [1,2] there and [1,2,3] here.");
        Refuses(Options with { Network = new NetworkOptions { Activation = Activation.Gelu } }, "options.network.activation is \"relu\" there and \"gelu\" here.");
        RunFolder.Resume(folder.PathOf("one"), Data, Options with { Workers = 7 }).Dispose();

        void Refuses(ComparisonOptions options, string ending) => Assert.EndsWith(
            ending, Assert.Throws<UserErrorException>(() => RunFolder.Resume(folder.PathOf("one"), Data, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherData_NamesTheFirstDifference()
    {
        using TempFolder folder = new();
        RunFolder.Create(folder.PathOf("one"), Data, Options).Dispose();
        Refuses(SmallData.Clouds(rows: 90), "data.trainRows is 39 there and 58 here.");
        Refuses(SmallData.Clouds(rows: 60, seed: 8), "the values of the data differ.");

        void Refuses(PreparedData data, string ending) => Assert.EndsWith(
            ending, Assert.Throws<UserErrorException>(() => RunFolder.Resume(folder.PathOf("one"), data, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_NoRunThere_SaysSo()
    {
        using TempFolder folder = new();
        Assert.EndsWith("has none.", Assert.Throws<UserErrorException>(() => RunFolder.Resume(folder.FullName, Data, Options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 1, \"da", "it is damaged")]
    [InlineData("{ \"version\": 99 }", "must be of version 1; received version 99.")]
    [InlineData("{}", "it is damaged")]
    public void Resume_DamagedOrNewerConfiguration_Refuses(string content, string part)
    {
        using TempFolder folder = new();
        folder.Write("configuration.json", content);
        Assert.Contains(part, Assert.Throws<UserErrorException>(() => RunFolder.Resume(folder.FullName, Data, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_WhileAnotherHasItOpen_Refuses()
    {
        using TempFolder folder = new();
        using RunFolder run = RunFolder.Create(folder.PathOf("one"), Data, Options);
        Assert.Contains(
            "no other run has open",
            Assert.Throws<UserErrorException>(() => RunFolder.Resume(folder.PathOf("one"), Data, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_LinesOfUnfinishedTrainingsAndTornLines_AreForgotten()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("one"), metrics = Path.Combine(path, "metrics.jsonl");
        Candidate dropout = new(VariantCatalog.Find("dropout"), 0.2);
        Trial finished = new(dropout, 1), unfinished = new(dropout, 2);
        using (RunFolder run = RunFolder.Create(path, Data, Options))
        {
            run.AppendEpoch(finished, new EpochMetrics(1, 0.5, 0.25, 0.75, 0.125));
            run.AppendEpoch(unfinished, new EpochMetrics(1, 0.5, 0.25, 0.75, 0.125));
            run.Save(finished, Record());
        }

        string kept = File.ReadAllLines(metrics)[0];
        File.AppendAllText(metrics, "{\"variant\":\"drop");
        using (RunFolder run = RunFolder.Resume(path, Data, Options))
        {
            Assert.Equal(Record().Result.Scores["nll"], run.Find(finished)!.Result.Scores["nll"]);
            Assert.Null(run.Find(unfinished));
            run.AppendEpoch(unfinished, new EpochMetrics(1, 0.5, double.NaN, 0.75, 0.125));
        }

        string[] lines = File.ReadAllLines(metrics);
        Assert.Equal(2, lines.Length);
        Assert.Equal(kept, lines[0]);
        Assert.Contains("\"seed\":2", lines[1], StringComparison.Ordinal);
    }

    private static TrialRecord Record() => new()
    {
        Result = new TrialResult
        {
            Seed = 1,
            Seconds = 2,
            BestEpoch = 1,
            Epochs = [],
            Scores = new Dictionary<string, double> { ["nll"] = 0.1 + 0.2 },
            Reliability = [],
            MonteCarloReliability = [],
        },
        Noise = default,
        RowLossBytes = null,
    };
}
