using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class InspectCommandTests
{
    [Fact]
    public void Inspect_SavedModel_NamesItsSites()
    {
        using TemporaryFolder folder = new();
        DropoutProcess.Result trained = DropoutProcess.Run(
            folder.Path, ["train", "--network", "mlp", "--hidden", "8,8", "--rate", "0.3", "--train-rows", "100", "--epochs", "1", "--mc-passes", "2", "--output", "model"]);
        Assert.True(trained.ExitCode == 0, trained.Error);

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, ["inspect", "model", "--data", "digits", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(2, root.GetProperty("sites").GetArrayLength());
        Assert.Equal(0.3, root.GetProperty("sites")[0].GetProperty("drop_rate").GetDouble(), 1e-9);
        Assert.Equal(0, root.GetProperty("findings").GetArrayLength());
        Assert.False(root.GetProperty("has_warnings").GetBoolean());
    }

    [Fact]
    public void Inspect_RecomputeWithoutData_IsRefused()
    {
        DropoutProcess.Result result = DropoutProcess.Run("inspect", "nowhere", "--recompute", "there");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--recompute needs --data", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_UnknownName_IsRefusedWithTheNamesThatExist()
    {
        DropoutProcess.Result result = DropoutProcess.Run("claims", "nonsense");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("expectation", result.Error, StringComparison.Ordinal);
        Assert.Contains("received 'nonsense'", result.Error, StringComparison.Ordinal);
    }
}
