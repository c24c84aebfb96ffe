using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchCostsCommandTests
{
    private static readonly string[] Constants = ["ProductNs", "WeightNs", "TakeNs", "PutNs", "AddNs", "StepNs", "LayerNs", "RetakeNs", "UncopiedNs", "ElementNs", "CallNs", "ThinnedCallNs"];

    [Fact]
    public void BenchCosts_Json_IsAnObjectAConstant()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "costs", "--widths", "64,96", "--seconds", "0.05", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] cases = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Constants, cases.Select(static each => each.GetProperty("op").GetString()));
        Assert.All(cases, static each =>
        {
            Assert.Equal(["op", "ns", "low_ns", "high_ns", "default_ns"], each.EnumerateObject().Select(static property => property.Name));
            Assert.InRange(each.GetProperty("ns").GetDouble(), each.GetProperty("low_ns").GetDouble(), each.GetProperty("high_ns").GetDouble());
            Assert.True(each.GetProperty("default_ns").GetDouble() > 0);
        });
        Assert.All(cases.Where(static each => each.GetProperty("op").GetString() is "TakeNs" or "PutNs" or "AddNs" or "StepNs"), static each => Assert.True(each.GetProperty("low_ns").GetDouble() > 0));
    }

    [Fact]
    public void BenchCosts_Text_EndsWithWhatANetworkIsHanded()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "costs", "--widths", "64", "--seconds", "0.05"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Matches(@"new ThinnedNetwork\(model, costs: new ThinningCosts\(ProductNs: [^ ]+, WeightNs: [^ ]+, TakeNs: [^ ]+, PutNs: [^ ]+, AddNs: [^ ]+, StepNs: [^ ]+, LayerNs: [^ ]+\)\)\s*$", result.Output);
    }

    [Fact]
    public void BenchCosts_WidthOfOne_IsRefused()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "costs", "--widths", "1"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }
}
