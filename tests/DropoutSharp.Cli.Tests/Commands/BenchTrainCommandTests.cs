using System.Text.Json;
using System.Xml.Linq;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchTrainCommandTests
{
    private static readonly string[] Small = ["bench", "train", "--widths", "8", "--batches", "4", "--inputs", "5", "--layers", "2", "--seconds", "0.01"];

    [Theory]
    [InlineData("sgd,adam")]
    [InlineData("momentum,adamw", "--whole-gradients", "--always", "--groups", "2")]
    public void BenchTrain_Json_IsAnObjectACase(string optimizers, params string[] more)
    {
        DropoutProcess.Result result = DropoutProcess.Run([.. Small, "--rates", "0.2,0.5", "--optimizers", optimizers, "--json", .. more]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] cases = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            optimizers.Split(',').SelectMany(static name => (string[])[$"train:{name} 0.2", $"train:{name} 0.5"]),
            cases.Select(static each => $"{each.GetProperty("op").GetString()} {each.GetProperty("rate")}"));
        Assert.All(cases, static each =>
        {
            Assert.Equal(
                ["op", "width", "batch", "rate", "ours_ms", "plain_ms", "libtorch_ms", "ours_peak_mb", "plain_peak_mb"], each.EnumerateObject().Select(static property => property.Name));
            Assert.All(["ours_ms", "plain_ms", "libtorch_ms"], name => Assert.True(each.GetProperty(name).GetDouble() > 0));
        });
    }

    [Fact]
    public void BenchTrain_Picture_HasALineAContender()
    {
        using TemporaryFolder folder = new();
        string path = folder["times.svg"];
        DropoutProcess.Result result = DropoutProcess.Run([.. Small, "--rates", "0,0.5,0.8", "--picture", path]);

        Assert.True(result.ExitCode == 0, result.Error);
        XElement[] all = [.. XDocument.Load(path).Descendants()];
        Assert.Equal(3, all.Count(static each => ((string?)each.Attribute("class"))?.StartsWith("line s", StringComparison.Ordinal) == true && each.Attribute("d")?.Value.Contains('L', StringComparison.Ordinal) == true));
        Assert.Equal(9, all.Count(static each => each.Name.LocalName == "title" && each.Value.Contains("rate", StringComparison.Ordinal) && each.Value.EndsWith(" ms", StringComparison.Ordinal)));
    }

    [Fact]
    public void BenchTrain_PictureOfSeveralWidths_IsRefused()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "train", "--widths", "8,16", "--batches", "4", "--picture", "never.svg"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: A picture must be of one width", result.Error, StringComparison.Ordinal);
    }
}
