using System.Text.Json;
using System.Text.RegularExpressions;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class BenchVariantsCommandTests
{
    private static readonly string[] Small = ["bench", "variants", "--networks", "embedding", "--rate", "0.3", "--seconds", "0.01"];

    [Fact]
    public void BenchVariants_Json_IsAnObjectAVariant()
    {
        DropoutProcess.Result result = DropoutProcess.Run([.. Small, "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement measured = JsonDocument.Parse(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(
            [
                "variant", "network", "rate", "plain_ms", "with_ms", "added_ms", "added_low_ms", "added_high_ms", "pairs", "plain_peak_mb", "with_peak_mb",
                "share", "share_low", "share_high",
            ],
            measured.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(("EmbeddingDropout", 0.3), (measured.GetProperty("variant").GetString(), measured.GetProperty("rate").GetDouble()));
        Assert.True(measured.GetProperty("plain_ms").GetDouble() > 0);

        // Null where the system counts no peaks. A step's gradient of 10,000 words of 64 numbers has 2.4 MiB, of which a part may lie in memory that was there.
        foreach (string peak in (string[])["plain_peak_mb", "with_peak_mb"])
        {
            JsonElement value = measured.GetProperty(peak);
            Assert.True(value.ValueKind == JsonValueKind.Null || value.GetDouble() is > 1 and < 100, $"{peak}: {value}");
        }
    }

    [Fact]
    public void BenchVariants_Table_EndsWithPeaksOfMemory()
    {
        DropoutProcess.Result result = DropoutProcess.Run(Small);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Matches(new Regex(@"^embedding of 10,000 words.* EmbeddingDropout .* pairs, (NaN|[0-9.]+) → (NaN|[0-9.]+) MiB$"), Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void BenchVariants_NetworkThatDoesNotExist_IsRefused()
    {
        DropoutProcess.Result result = DropoutProcess.Run(["bench", "variants", "--networks", "forest"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--networks must be of dense, conv", result.Error, StringComparison.Ordinal);
    }
}
