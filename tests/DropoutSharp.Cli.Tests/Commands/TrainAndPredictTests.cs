using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class TrainAndPredictTests
{
    private static readonly string[] Small = ["train", "--network", "mlp", "--hidden", "16", "--rate", "0.2", "--train-rows", "200", "--epochs", "3", "--mc-passes", "4"];

    [Fact]
    public void TrainThenPredict_Digits_WritesARowEach()
    {
        using TemporaryFolder folder = new();

        DropoutProcess.Result trained = DropoutProcess.Run(folder.Path, [.. Small, "--output", "model", "--json"]);
        DropoutProcess.Result csv = DropoutProcess.Run(folder.Path, ["predict", "model", "digits", "--passes", "3"]);
        DropoutProcess.Result lines = DropoutProcess.Run(folder.Path, ["predict", "model", "digits", "--passes", "3", "--format", "jsonl", "--interval", "0.8", "--probabilities"]);
        DropoutProcess.Result file = DropoutProcess.Run(folder.Path, ["predict", "model", "digits", "--passes", "3", "--output", "rows.csv"]);

        Assert.True(trained.ExitCode == 0, trained.Error);
        JsonElement root = JsonDocument.Parse(trained.Output).RootElement;
        Assert.Equal("dropout", root.GetProperty("variant").GetString());
        Assert.Equal(3, root.GetProperty("epochs").GetArrayLength());
        Assert.InRange(root.GetProperty("scores").GetProperty("mc_nll").GetDouble(), 0, 10);
        Assert.Contains("epoch 3/3, validation loss", trained.Error, StringComparison.Ordinal);

        Assert.True(csv.ExitCode == 0, csv.Error);
        Assert.Equal(string.Empty, csv.Error);
        string[] rows = csv.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("row,prediction,probability,epistemic,aleatoric", rows[0]);
        Assert.Equal(1797, rows.Length - 1);

        JsonElement first = JsonDocument.Parse(lines.Output.Split('\n')[0]).RootElement;
        Assert.Equal(1, Enumerable.Range(0, 10).Sum(i => first.GetProperty($"probability_{i}").GetDouble()), 1e-9);
        Assert.Contains(first.GetProperty("prediction").GetString()!, first.GetProperty("set").GetString()!.Split('|'));

        Assert.True(file.ExitCode == 0, file.Error);
        Assert.Equal(string.Empty, file.Output);
        Assert.Equal("1,797 rows predicted: rows.csv", file.Error);
        Assert.Equal(csv.Output, File.ReadAllText(folder["rows.csv"]));
    }

    [Theory]
    [InlineData("predict nowhere digits", "error: Model folder 'nowhere' must exist; there is none.")]
    [InlineData("predict nowhere digits --output x.txt", "error: Output must end in .csv, .jsonl (either also with .gz) or .parquet; received 'x.txt'.")]
    [InlineData("predict nowhere digits --output x.csv --format parquet", "error: --format must be what the file's name says; received parquet and 'x.csv'.")]
    [InlineData("predict nowhere digits --interval 1", "error: --interval must be a number in (0, 1); received 1. See 'dropout predict --help'.")]
    [InlineData("predict nowhere digits --passes 0", "error: --passes must be a whole number in [1, 1000000]; received 0. See 'dropout predict --help'.")]
    [InlineData("predict nowhere", "error: Required argument 'DATA' missing for command: 'predict'. See 'dropout predict --help'.")]
    [InlineData("train --rate 1", "error: Drop rate must be in [0, 1); received 1.")]
    [InlineData("train --rate 1.2", "error: --rate must be a number in [0, 1]; received 1.2. See 'dropout train --help'.")]
    public void Run_Mistake_IsOneLineAndExitCode2(string arguments, string expected)
    {
        DropoutProcess.Result result = DropoutProcess.Run(arguments.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(expected, result.Error);
    }

    [Fact]
    public void Train_FolderOfSomethingElse_IsRefusedBeforeAnyWork()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["notes.txt"], "mine");

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, [.. Small, "--output", "."]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("error: Model folder must be new, empty or hold a model; '.' holds something else.", result.Error);
    }
}
