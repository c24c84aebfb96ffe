using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchMonteCarloCommandTests
{
    [Fact]
    public void BenchMc_Json_IsAnObjectACase()
    {
        DropoutProcess.Result result = DropoutProcess.Run(
            ["bench", "mc", "--widths", "16", "--batches", "4,8", "--rates", "0.5", "--passes", "3", "--inputs", "5", "--masks", "both", "--seconds", "0.01", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] cases = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["mc:shared 4", "mc:shared 8", "mc:rows 4", "mc:rows 8"], cases.Select(static each => $"{each.GetProperty("op").GetString()} {each.GetProperty("batch")}"));
        Assert.All(cases, static each =>
        {
            Assert.Equal(
                ["op", "width", "batch", "rate", "ours_ms", "plain_ms", "libtorch_ms", "ours_peak_mb", "plain_peak_mb"], each.EnumerateObject().Select(static property => property.Name));
            Assert.All(["ours_ms", "plain_ms", "libtorch_ms"], name => Assert.True(each.GetProperty(name).GetDouble() > 0));
        });
    }

    [Fact]
    public void BenchMc_WayThatDoesNotExist_IsOneLine()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "mc", "--way", "quick"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }
}
