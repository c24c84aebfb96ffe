using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class DistillCommandTests
{
    [Fact]
    public void Distill_Digits_MakesAModelThatPredictServes()
    {
        using TemporaryFolder folder = new();
        DropoutProcess.Result trained = DropoutProcess.Run(
            folder.Path, ["train", "--network", "mlp", "--hidden", "16", "--rate", "0.2", "--train-rows", "200", "--epochs", "3", "--mc-passes", "2", "--output", "model"]);
        DropoutProcess.Result distilled = DropoutProcess.Run(
            folder.Path, ["distill", "model", "--members", "2", "--candidates", "4", "--passes", "5", "--epochs", "1", "--output", "small", "--json"]);
        DropoutProcess.Result predicted = DropoutProcess.Run(folder.Path, ["predict", "small", "digits", "--verbose"]);

        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.True(distilled.ExitCode == 0, distilled.Error);
        JsonElement root = JsonDocument.Parse(distilled.Output).RootElement;
        Assert.Equal(2, root.GetProperty("passes").GetArrayLength());
        Assert.InRange(root.GetProperty("distilled").GetDouble(), 0, root.GetProperty("chosen").GetDouble());
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        Assert.Contains("Monte-Carlo passes: 2 sub-networks without dropout.", predicted.Error, StringComparison.Ordinal);
        Assert.Equal(1798, predicted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Distill_Text_SaysHowNearItComes()
    {
        using TemporaryFolder folder = new();
        DropoutProcess.Run(folder.Path, ["train", "--network", "mlp", "--hidden", "8", "--rate", "0.2", "--train-rows", "100", "--epochs", "1", "--mc-passes", "2", "--output", "model"]);
        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, ["distill", "model", "--members", "2", "--candidates", "2", "--passes", "2", "--epochs", "0", "--output", "small"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("2 chosen sub-networks", result.Output, StringComparison.Ordinal);
        Assert.Contains("numbers in 2 sub-networks", result.Output, StringComparison.Ordinal);
    }
}
