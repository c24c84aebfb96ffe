namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class LoadProblemsTests
{
    [Theory]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/libtorch_cpu.so)", "GLIBC_2.38", "glibc")]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/x.so)", "GLIBCXX_3.4.32", "C++ library")]
    [InlineData("libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory", "libgomp-98b21ff3.so.1", "libgomp1")]
    [InlineData("libc10.so: cannot open shared object file: No such file or directory", "libc10.so", "libtorch-cpu-")]
    [InlineData("libGL.so.1: cannot open shared object file: No such file or directory", "libGL.so.1", "system package")]
    [InlineData("/app/libtorch_cpu.so: file too short", "damaged", "restore")]
    [InlineData("/app/libtorch_cpu.so: invalid ELF header", "damaged", "restore")]
    [InlineData("/app/libtorch_cpu.so: wrong ELF class: ELFCLASS32", "another processor", "libtorch_cpu.so")]
    [InlineData("something never heard of", "something never heard of", "libtorch_cpu.so")]
    public void Explain_WordsOfTheLoader_NamesTheCauseInOneSentence(string said, string cause, string also)
    {
        string sentence = LoadProblems.Explain("/app/libtorch_cpu.so", "Unable to load shared library.\n" + said);
        Assert.Contains(cause, sentence, StringComparison.Ordinal);
        Assert.Contains(also, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public void Inspect_ThisMachine_IsReadyAndComplete()
    {
        RuntimeReport report = LibtorchRuntime.Inspect();
        Assert.Empty(report.Problems);
        Assert.True(report.IsReady);
        Assert.NotEqual(LoaderHelp.NotLoaded, report.Loader);
        Assert.True(File.Exists(report.LoadedFile));
        Assert.InRange(report.Threads!.Value, 1, 4096);
        Assert.Equal("2.10.0", report.LibtorchVersion);
    }

    [Fact]
    public void StartupHook_ThisProgram_IsSet() =>
        Assert.Contains("DropoutSharp.Torch", (string?)AppContext.GetData("STARTUP_HOOKS"), StringComparison.Ordinal);
}
