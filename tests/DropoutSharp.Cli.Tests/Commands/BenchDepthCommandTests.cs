using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchDepthCommandTests
{
    [Fact]
    public void BenchDepth_Json_IsAnObjectACase()
    {
        JsonElement[] cases = Run("--widths", "8", "--maps", "4", "--batches", "4", "--rates", "0.5", "--blocks", "4", "--steps", "2", "--turns", "3", "--json");

        Assert.Equal(
            [
                "depth:dense:batch", "depth:dense:row", "depth:dense:subset", "depth:dense:fixedsubset", "depth:dense:layerdrop",
                "depth:conv:batch", "depth:conv:row", "depth:conv:subset", "depth:conv:fixedsubset", "depth:conv:layerdrop",
            ],
            cases.Select(static each => each.GetProperty("op").GetString()!));
        Assert.All(cases, static each =>
        {
            Assert.Equal(
                [
                    "op", "width", "batch", "rate", "ours_ms", "plain_ms", "libtorch_ms", "ours_peak_mb", "plain_peak_mb",
                    "blocks", "outside_ms", "rows_ms", "promised_share", "rows_share", "measured_share", "measured_low", "measured_high",
                    "rows_low", "rows_high", "turns",
                ],
                each.EnumerateObject().Select(static property => property.Name));
            Assert.All(["ours_ms", "plain_ms", "libtorch_ms", "rows_ms", "outside_ms"], name => Assert.True(each.GetProperty(name).GetDouble() > 0));
            Assert.Equal(4, each.GetProperty("blocks").GetInt32());
            Assert.Equal(3, each.GetProperty("turns").GetInt32());
        });
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("subset")]
    [InlineData("fixedsubset")]
    [InlineData("layerdrop")]
    public void BenchDepth_RateOfTheLastBlock_PromisesTheMeanOfTheSurvivalProbabilities(string mode)
    {
        JsonElement measured = Assert.Single(Run("--widths", "4", "--batches", "4", "--rates", "0.5", "--blocks", "16", "--steps", "1", "--turns", "2", "--modes", mode, "--json"));

        // Block l of 16 survives with 1 − 0.5·l/16; the mean of l is 8.5.
        Assert.Equal(1 - (0.5 * 8.5 / 16), measured.GetProperty("promised_share").GetDouble(), 1e-12);
        foreach (string share in (string[])["measured", "rows"])
        {
            double low = measured.GetProperty($"{share}_low").GetDouble(), high = measured.GetProperty($"{share}_high").GetDouble();
            Assert.InRange(measured.GetProperty($"{share}_share").GetDouble(), low, high);
        }
    }

    [Fact]
    public void BenchDepth_ModeThatDoesNotExist_IsOneLine()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "depth", "--modes", "column"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("error: Modes must be among batch, row, subset, fixedsubset, layerdrop; received column.", result.Error.Trim());
    }

    private static JsonElement[] Run(params string[] arguments)
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "depth", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }
}
