using System.Diagnostics;
using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class CompareCommandTests
{
    private static readonly string[] Small = ["compare", "--network", "mlp", "--hidden", "16", "--variants", "dropout", "--rates", "0.2", "--train-rows", "200", "--mc-passes", "4"];

    [Fact]
    public void Compare_Json_IsOneObjectWithTheDataAndAnEntryACandidate()
    {
        using TemporaryFolder folder = new();

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, [.. Small, "--seeds", "2", "--epochs", "3", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(1, result.Output.Count(static each => each == '\n'));
        Assert.Equal("digits", root.GetProperty("data").GetProperty("name").GetString());
        Assert.Equal(200, root.GetProperty("data").GetProperty("train_rows").GetInt32());
        Assert.True(root.GetProperty("complete").GetBoolean());
        Assert.False(string.IsNullOrEmpty(root.GetProperty("verdict").GetProperty("sentence").GetString()));
        JsonElement[] candidates = [.. root.GetProperty("candidates").EnumerateArray()];
        Assert.Equal(["none 0", "dropout 0.2"], candidates.Select(static each => $"{each.GetProperty("variant")} {each.GetProperty("drop_rate")}"));
        string[] scores = ["accuracy", "nll", "brier", "ece"];
        Assert.All(scores.Concat(scores.Select(static score => "mc_" + score)), score =>
        {
            JsonElement summary = candidates[1].GetProperty("scores").GetProperty(score);
            double mean = summary.GetProperty("mean").GetDouble();
            Assert.InRange(mean, summary.GetProperty("low").GetDouble(), summary.GetProperty("high").GetDouble());
            Assert.Equal(2, summary.GetProperty("seeds").GetInt32());
        });
        string run = root.GetProperty("folder").GetString()!;
        Assert.StartsWith(folder["runs"], run, StringComparison.Ordinal);
        Assert.True(File.Exists(root.GetProperty("report").GetString()));
        Assert.True(File.Exists(Path.Combine(run, "configuration.json")));
        Assert.Equal(2 * 2 * 3, File.ReadLines(Path.Combine(run, "metrics.jsonl")).Count());
    }

    [Fact]
    public void Compare_Text_PutsTheResultOnStdoutAndProgressOnStderr()
    {
        using TemporaryFolder folder = new();

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, [.. Small, "--seeds", "1", "--epochs", "2", "--output", "out"]);

        Assert.True(result.ExitCode == 0, result.Error);
        string[] lines = result.Output.Split('\n');
        Assert.StartsWith("Variant", lines[0], StringComparison.Ordinal);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 120));
        Assert.Contains("Report: " + Path.Combine("out", "report.html"), result.Output, StringComparison.Ordinal);
        Assert.Contains("[2/2] ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public void Compare_AllVariants_AreThoseThatSuitTheNetworkAndTheOthersAreNamed()
    {
        using TemporaryFolder folder = new();

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, ["compare", "--network", "mlp", "--hidden", "16", "--variants", "all", "--rates", "0.1", "--train-rows", "200", "--mc-passes", "4", "--seeds", "1", "--epochs", "1", "--output", "out"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("Left out with network mlp and activation relu: alpha (needs the activation selu)", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("layerdrop (needs residual blocks of one width)", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("DropConnect", result.Output, StringComparison.Ordinal);
        Assert.Contains("Variational dropout", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_FolderOfAnotherRun_IsRefused()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(folder["out/notes.txt"], "mine");

        DropoutProcess.Result result = DropoutProcess.Run(folder.Path, [.. Small, "--output", "out"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("error: Run folder must be new or empty; out holds something else.", result.Error);
        Assert.Equal(["mine"], Directory.GetFiles(folder["out"]).Select(File.ReadAllText));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Compare_InterruptedAndResumed_EndsWithTheScoresOfAnUninterruptedRun(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A signal can be sent to another process on Unix only.");
        using TemporaryFolder folder = new();
        // The first of four trainings is done when the signal is sent: what is left must last longer than a signal takes to arrive.
        string[] options = [.. Small, "--seeds", "2", "--epochs", "500", "--patience", "0", "--workers", "1"];
        bool sent = false;

        DropoutProcess.Result stopped = DropoutProcess.Run(folder.Path, [.. options, "--output", "stopped", "--json"], (process, line) =>
        {
            if (!sent && line.StartsWith("[1/4]", StringComparison.Ordinal))
            {
                sent = true;
                // Twice at once, as it arrives from a wrapper that signals a process and its group.
                using Process kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}; kill -{signal} {process.Id}"]);
                kill.WaitForExit();
            }
        });

        Assert.True(stopped.ExitCode == exitCode, $"{stopped.ExitCode}: {stopped.Error}");
        Assert.False(JsonDocument.Parse(stopped.Output).RootElement.GetProperty("complete").GetBoolean());
        Assert.Contains("dropout compare --resume stopped", stopped.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["stopped/report.html"]));

        DropoutProcess.Result resumed = DropoutProcess.Run(folder.Path, ["compare", "--resume", "stopped", "--json"]);
        DropoutProcess.Result whole = DropoutProcess.Run(folder.Path, [.. options, "--output", "whole", "--json"]);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(Scores(whole), Scores(resumed));
        Assert.Equal(
            File.ReadLines(folder["whole/metrics.jsonl"]).Order(StringComparer.Ordinal),
            File.ReadLines(folder["stopped/metrics.jsonl"]).Order(StringComparer.Ordinal));
    }

    private static string[] Scores(DropoutProcess.Result result) => [.. JsonDocument.Parse(result.Output).RootElement
        .GetProperty("candidates").EnumerateArray().Select(static each => each.GetProperty("scores").GetRawText())];
}
