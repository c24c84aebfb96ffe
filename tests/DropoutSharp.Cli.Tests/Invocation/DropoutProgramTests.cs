using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Invocation;

public sealed class DropoutProgramTests
{
    public static TheoryData<string> Commands => CommandCatalog.Paths;

    [Fact]
    public void Run_NoArguments_ShowsHelp()
    {
        (int exitCode, string output, string error) = Run();

        Assert.Equal(0, exitCode);
        Assert.Contains("[command] [options]", output, StringComparison.Ordinal);
        Assert.All(DropoutProgram.CreateRoot().Subcommands, command => Assert.Contains($"  {command.Name} ", output, StringComparison.Ordinal));
        Assert.Equal(string.Empty, error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Run_HelpOfACommand_DescribesEveryOptionAndGivesAnExample(string name)
    {
        (int exitCode, string output, string error) = Run([.. name.Split(' '), "--help"]);

        CliCommand command = CommandCatalog.All.Single(each => each.Path == name).Command;
        Assert.Equal(0, exitCode);
        Assert.Equal(string.Empty, error);
        Assert.All(command.Options, option =>
        {
            Assert.Contains(option.Name, output, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{option.Name} must have a description.");
        });
        Assert.Contains($"\n  dropout {name}", output[output.IndexOf("Example", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.All(output.Split('\n'), static line => Assert.InRange(line.Length, 0, 120));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_OfEveryCommand_Parse(string name)
    {
        CliCommand command = CommandCatalog.All.Single(each => each.Path == name).Command;

        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, static example =>
        {
            Assert.StartsWith("dropout ", example, StringComparison.Ordinal);
            Assert.Empty(DropoutProgram.CreateRoot().Parse(example["dropout ".Length..].Split(" > ")[0]).Errors);
        });
    }

    [Theory]
    [InlineData("comprae", "error: 'dropout' has no command 'comprae'. Did you mean 'compare'? See 'dropout --help'.")]
    [InlineData("xyzzy", "error: 'dropout' has no command 'xyzzy'. See 'dropout --help'.")]
    [InlineData("compare --rats 0.5", "error: 'dropout compare' has no option '--rats'. Did you mean '--rates'? See 'dropout compare --help'.")]
    [InlineData("compare --rats", "error: 'dropout compare' has no option '--rats'. Did you mean '--rates'? See 'dropout compare --help'.")]
    [InlineData("reproduce uici", "error: 'dropout reproduce' has no command 'uici'. Did you mean 'uci'? See 'dropout reproduce --help'.")]
    [InlineData("reproduce", "error: A command is required: uci, sparse, concrete, groups, cubic. See 'dropout reproduce --help'.")]
    [InlineData("reproduce concrete --sedes 1", "error: 'dropout reproduce concrete' has no option '--sedes'. Did you mean '--seed'? See 'dropout reproduce concrete --help'.")]
    [InlineData("compare a.csv b.csv", "error: 'dropout compare' has no argument 'b.csv'. See 'dropout compare --help'.")]
    [InlineData("compare --rates 1.2", "error: --rates must be a number in (0, 1); received 1.2. See 'dropout compare --help'.")]
    [InlineData("compare --rates 0.2,nan", "error: --rates must be a number in (0, 1); received nan. See 'dropout compare --help'.")]
    [InlineData("compare --rates 0.2,", "error: --rates must be a number in (0, 1); received nothing. See 'dropout compare --help'.")]
    [InlineData("compare --seeds 2.5", "error: --seeds must be a whole number in [1, 10000]; received 2.5. See 'dropout compare --help'.")]
    [InlineData("compare --seeds 99999999999999999999", "error: --seeds must be a whole number in [1, 10000]; received 99999999999999999999. See 'dropout compare --help'.")]
    [InlineData("compare --learning-rate 0", "error: --learning-rate must be a number above 0; received 0. See 'dropout compare --help'.")]
    [InlineData("compare --task clustering", "error: --task must be one of classification, regression; received clustering. See 'dropout compare --help'.")]
    [InlineData("compare --epochs", "error: Required argument missing for option: '--epochs'. See 'dropout compare --help'.")]
    [InlineData("compare --resume x --rates 0.5", "error: --resume goes on with the run's own data and options; --rates cannot be given with it.")]
    [InlineData("compare no-such-file.csv --resume x", "error: --resume goes on with the run's own data and options; DATA cannot be given with it.")]
    public void Run_Mistake_IsOneLineAndExitCode2(string arguments, string expected)
    {
        (int exitCode, string output, string error) = Run(arguments.Split(' '));

        Assert.Equal(ExitCode.UserError, exitCode);
        Assert.Equal(string.Empty, output);
        Assert.Equal(expected + "\n", error);
    }

    [Fact]
    public void Run_UnknownVariant_NamesThoseThatExist()
    {
        (int exitCode, _, string error) = Run("compare", "--variants", "dropot");

        Assert.Equal(ExitCode.UserError, exitCode);
        Assert.Matches("^error: Variant must be one of none, dropout.*; received dropot.\n$", error);
    }

    [Fact]
    public void Run_MessageOfSeveralLines_IsWrittenOnOne()
    {
        (int exitCode, _, string error) = Run("compare", "no\nsuch\nfile.csv");

        Assert.Equal(ExitCode.UserError, exitCode);
        Assert.Equal(1, error.Count(static each => each == '\n'));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int exitCode = DropoutProgram.Run(arguments, output, error, TimeProvider.System);
        return (exitCode, output.ToString(), error.ToString());
    }
}
