using System.Diagnostics;

namespace DropoutSharp.Tests.Samples;

public sealed class PlainArraysTests
{
    [Fact]
    public void Program_Run_SaysWhatItsCommentsPromise()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PlainArrays.dll")]) { RedirectStandardOutput = true };
        using Process program = Process.Start(start)!;
        string[] lines = program.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        program.WaitForExit();

        var stream = new MaskStream(42, 7, 3);
        int[] kept = [.. Enumerable.Range(0, 1000).Where(i => stream.IsKept(i, 0.2))];
        Assert.Equal(0, program.ExitCode);
        Assert.Equal(5, lines.Length);
        Assert.Equal($"kept {kept.Length} of 1000, each scaled by 1.25", lines[0]);
        Assert.EndsWith(": True", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(": True", lines[2], StringComparison.Ordinal);
        Assert.StartsWith($"{kept.Length} kept indices, the first {string.Join(", ", kept[..8])};", lines[3], StringComparison.Ordinal);
        Assert.Contains("1000 of 1000", lines[4], StringComparison.Ordinal);
    }
}
