using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    private static readonly string[] Small = ["bench", "--elements", "1000,4096", "--threads", "1", "--keep", "0.5,0.8", "--seconds", "0.01"];

    [Fact]
    public void Bench_Json_IsAnObjectACase()
    {
        DropoutProcess.Result result = DropoutProcess.Run([.. Small, "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] cases = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, cases.Length);
        Assert.All(cases, static each =>
        {
            Assert.Equal(["op", "elements", "threads", "keep", "ours_ns", "libtorch_ns", "copy_ns"], each.EnumerateObject().Select(static property => property.Name));
            Assert.Equal("dropout", each.GetProperty("op").GetString());
            Assert.All(["ours_ns", "libtorch_ns", "copy_ns"], name => Assert.True(each.GetProperty(name).GetDouble() > 0));
        });
        Assert.Equal(["1000 0.5", "4096 0.5", "1000 0.8", "4096 0.8"], cases.Select(static each => $"{each.GetProperty("elements")} {each.GetProperty("keep")}"));
    }

    [Fact]
    public void Bench_Text_IsALineACase()
    {
        DropoutProcess.Result result = DropoutProcess.Run([.. Small]);

        Assert.True(result.ExitCode == 0, result.Error);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 4, lines.Length);
        Assert.Single(lines[1..].Select(static line => line.Length).Distinct());
        Assert.Contains("2^12", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void BenchModules_SeveralThreadCounts_AreCasesEach()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "modules", "--elements", "64", "--threads", "1,2", "--seconds", "0.01", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] cases = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([1, 1, 2, 2], cases.Select(static each => each.GetProperty("threads").GetInt32())); // forward alone, and with the backward pass
    }
}
