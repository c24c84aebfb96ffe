using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Invocation;

public sealed class ProcessTests
{
    [Fact]
    public void Version_IsOneLine()
    {
        DropoutProcess.Result result = DropoutProcess.Run("--version");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
    }

    [Fact]
    public void Help_NamesTheProgram() => Assert.Contains("dropout [command] [options]", DropoutProcess.Run().Output, StringComparison.Ordinal);

    [Fact]
    public void Mistake_ExitsWith2AndOneLineOnStderr()
    {
        DropoutProcess.Result result = DropoutProcess.Run("compare", "--rates", "1.2");

        Assert.Equal(ExitCode.UserError, result.ExitCode);
        Assert.Equal("error: --rates must be a number in (0, 1); received 1.2. See 'dropout compare --help'.", result.Error);
        Assert.Equal(string.Empty, result.Output);
    }

    [Fact]
    public void Verbose_ShowsWhereAMistakeWasFound() =>
        Assert.Contains("   at DropoutSharp.", DropoutProcess.Run("compare", "no-such-file.csv", "--verbose").Error, StringComparison.Ordinal);
}
