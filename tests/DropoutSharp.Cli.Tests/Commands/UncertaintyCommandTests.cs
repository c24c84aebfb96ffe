using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class UncertaintyCommandTests
{
    [Fact]
    public void Uq_OfAClassifierAndForeignRows_JudgesEverything()
    {
        using TemporaryFolder folder = new();
        DropoutProcess.Result trained = DropoutProcess.Run(
            folder.Path, ["train", "--network", "mlp", "--hidden", "16", "--rate", "0.3", "--train-rows", "200", "--epochs", "3", "--mc-passes", "2", "--output", "model"]);
        Assert.True(trained.ExitCode == 0, trained.Error);

        DropoutProcess.Result text = DropoutProcess.Run(folder.Path, ["uq", "model", "digits", "--rows", "100", "--passes", "5", "--levels", "0.5,0.99"]);
        DropoutProcess.Result json = DropoutProcess.Run(folder.Path, ["uq", "model", "--ood", "digits", "--rows", "100", "--passes", "5", "--json", "--output", "page.html"]);
        DropoutProcess.Result again = DropoutProcess.Run(folder.Path, ["uq", "model", "--ood", "digits", "--rows", "100", "--passes", "5", "--json"]);

        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Contains("needs 99 rows", text.Output, StringComparison.Ordinal);
        Assert.Contains("The pictures are in runs/uq.html.", text.Output, StringComparison.Ordinal);
        Assert.True(json.ExitCode == 0, json.Error);
        JsonElement root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("classification", root.GetProperty("task").GetString());
        Assert.Equal([1, 2, 5], root.GetProperty("by_passes").EnumerateArray().Select(point => point.GetProperty("passes").GetInt32()));
        Assert.Equal(
            root.GetProperty("monte_carlo").GetProperty("nll").GetDouble(), root.GetProperty("by_passes")[2].GetProperty("nll").GetDouble(), 1e-12);

        // The foreign rows are the model's own: no uncertainty tells them apart but by the masks.
        Assert.All(root.GetProperty("foreign").EnumerateArray(), found => Assert.InRange(found.GetProperty("auroc").GetDouble(), 0.4, 0.6));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder["page.html"]), StringComparison.Ordinal);
        Assert.Equal(
            root.GetProperty("monte_carlo").GetRawText(), JsonDocument.Parse(again.Output).RootElement.GetProperty("monte_carlo").GetRawText());
    }

    [Theory]
    [InlineData("uq nowhere", "error: Model folder 'nowhere' must exist; there is none.")]
    [InlineData("uq nowhere --passes 0", "error: --passes must be a whole number in [1, 1000000]; received 0. See 'dropout uq --help'.")]
    [InlineData("uq nowhere --levels 1", "error: --levels must be a number in (0, 1); received 1. See 'dropout uq --help'.")]
    [InlineData("reproduce uci --data nowhere", "error: nowhere: there is no such folder.")]
    [InlineData("reproduce uci --data . wine", "error: Set must be one of bostonHousing, concrete, energy, yacht; received wine.")]
    [InlineData("reproduce uci --data . yacht", "error: ./yacht: expected data.txt and index_train_0.txt; they are not there.")]
    [InlineData("reproduce concrete --rows 1", "error: --rows must be a whole number in [2, 1000000]; received 1. See 'dropout reproduce concrete --help'.")]
    public void Run_Mistake_IsOneLineAndExitCode2(string arguments, string expected)
    {
        DropoutProcess.Result result = DropoutProcess.Run(arguments.Split(' '));

        Assert.Equal(expected, result.Error);
        Assert.Equal(2, result.ExitCode);
    }
}
