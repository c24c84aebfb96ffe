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
    public void Inspect_ModelWithAClash_IsWarnedOfAndRepaired()
    {
        using TemporaryFolder folder = new();
        Train(folder, "clash", "--norm", "batch", "--rate", "0.5");

        JsonElement before = Json(folder, "inspect", "clash", "--data", "digits", "--recompute", "repaired");
        JsonElement after = Json(folder, "inspect", "repaired", "--data", "digits");

        JsonElement[] warnings = Findings(before, "warning");
        Assert.NotEmpty(warnings);
        Assert.All(warnings, warning => Assert.Equal("dropout-before-batchnorm", warning.GetProperty("rule").GetString()));
        JsonElement shift = before.GetProperty("shifts")[0], repaired = after.GetProperty("shifts")[0];
        Assert.Equal(("dense1_dropout", "dense2_norm"), (shift.GetProperty("site").GetString(), shift.GetProperty("norm").GetString()));
        Assert.InRange(shift.GetProperty("measured").GetDouble() / shift.GetProperty("predicted").GetDouble(), 0.9, 1.1);
        Assert.InRange(shift.GetProperty("remembered").GetDouble(), 0, 0.9);
        Assert.Equal(1, repaired.GetProperty("remembered").GetDouble(), 0.01); // over all rows, where the inspection sees all of them
        Assert.False(after.GetProperty("has_warnings").GetBoolean());
        Assert.Single(Findings(after, "note"));
    }

    [Fact]
    public void Inspect_WeightScalingAndAnotherModel_MeasuresBoth()
    {
        using TemporaryFolder folder = new();
        Train(folder, "dropped", "--rate", "0.5");
        Train(folder, "plain", "--variant", "none");

        JsonElement root = Json(folder, "inspect", "dropped", "--data", "digits", "--weight-scaling", "--passes", "20", "--against", "plain", "--layer", "dense1_relu");
        DropoutProcess.Result text = DropoutProcess.Run(
            folder.Path, ["inspect", "dropped", "--data", "digits", "--weight-scaling", "--passes", "2", "--against", "plain"]);

        JsonElement scaling = root.GetProperty("weight_scaling"), pair = root.GetProperty("co_adaptation");
        Assert.Equal((20, 1797), (scaling.GetProperty("passes").GetInt32(), scaling.GetProperty("rows").GetInt32()));
        Assert.InRange(scaling.GetProperty("weight_scaling_accuracy").GetDouble(), 0.3, 1); // ten classes: far above guessing
        Assert.True(scaling.GetProperty("arithmetic_divergence").GetDouble() > scaling.GetProperty("geometric_divergence").GetDouble());
        Assert.Equal("dense1_relu", pair.GetProperty("layer").GetString());
        Assert.NotEqual(pair.GetProperty("model").GetProperty("sparsity").GetDouble(), pair.GetProperty("against").GetProperty("sparsity").GetDouble());
        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Contains("Weight scaling against 2 sub-networks, on 1797 rows:", text.Output, StringComparison.Ordinal);
        Assert.Contains("Units of 'dense2_relu', 16 here and 16 in the other model:", text.Output, StringComparison.Ordinal);
        Assert.Equal(
            "error: Layer must be a hidden layer of both models; received 'dense3_relu'; did you mean 'dense1_relu' or 'dense2_relu'?",
            DropoutProcess.Run(folder.Path, ["inspect", "dropped", "--data", "digits", "--against", "plain", "--layer", "dense3_relu"]).Error);
        Assert.Equal(
            "error: The model must have dropout, so that there are sub-networks to average; it was trained as 'none', which has none.",
            DropoutProcess.Run(folder.Path, ["inspect", "plain", "--data", "digits", "--weight-scaling"]).Error);
    }

    [Theory]
    [InlineData("inspect nowhere --recompute there", "error: --recompute needs --data, the rows that the model was trained on.")]
    [InlineData("inspect nowhere --weight-scaling", "error: --weight-scaling needs --data, rows with targets.")]
    [InlineData("inspect nowhere --against there", "error: --against needs --data, rows with targets.")]
    [InlineData("inspect nowhere --layer dense1_relu", "error: --layer needs --against, the model to compare with.")]
    [InlineData("inspect nowhere --data digits", "error: Model folder 'nowhere' must exist; there is none.")]
    [InlineData("claims spacial", "error: Claim must be a name or a number from 1 to 13; received 'spacial'; did you mean 'spatial'?")]
    [InlineData("claims 14", "error: Claim must be a name or a number from 1 to 13; received '14'; the claims are 'expectation', 'rates', 'weight-scaling', 'uncertainty', 'co-adaptation', 'dropconnect', 'spatial', 'stochastic-depth', 'variational', 'concrete', 'data', 'normalization', 'language'.")]
    [InlineData("train --network resnet --norm batch", "error: Norm must be none for network resnet, which has its own; received batch.")]
    [InlineData("train --network cnn --norm rms", "error: Norm must be one of none, batch, layer for network cnn; received rms.")]
    [InlineData("train --norm batch --batch-size 1", "error: Batches must have at least 2 rows each for batch normalisation; received 1168 rows in batches of at most 1.")]
    public void Run_Mistake_IsOneLineAndExitCode2(string arguments, string expected)
    {
        DropoutProcess.Result result = DropoutProcess.Run(arguments.Split(' '));

        Assert.Equal(expected, result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void Claims_DataThatDoNotExist_IsTheUsersMistakeBeforeAnythingRuns()
    {
        DropoutProcess.Result result = DropoutProcess.Run("claims", "language", "--data", "nowhere.csv");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nowhere.csv", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private static void Train(TemporaryFolder folder, string name, params string[] options)
    {
        DropoutProcess.Result trained = DropoutProcess.Run(
            folder.Path, ["train", "--network", "mlp", "--hidden", "16,16", "--train-rows", "300", "--epochs", "15", "--patience", "0", "--mc-passes", "2", "--output", name, .. options]);
        Assert.True(trained.ExitCode == 0, trained.Error);
    }

    private static JsonElement Json(TemporaryFolder folder, params string[] arguments)
    {
        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static JsonElement[] Findings(JsonElement root, string severity) =>
        [.. root.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("severity").GetString() == severity)];
}
