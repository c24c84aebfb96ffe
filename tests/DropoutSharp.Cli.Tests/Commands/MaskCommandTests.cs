using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class MaskCommandTests
{
    [Fact]
    public void Mask_OfTheSpecification_PrintsItsVector()
    {
        // The first 60 elements of a vector of the mask stream's specification.
        (int exitCode, string output, _) = Run("mask --seed 42 --step 7 --site 3 --first 5 --count 60 --keep 0.9");

        Assert.Equal(0, exitCode);
        Assert.Equal("001111111111011111111110111111111111111111111111111111110111" + Environment.NewLine, output);
    }

    [Fact]
    public void Mask_LongStretch_IsOneLineOfWhatIsKeptSays()
    {
        const int Count = 200_000;
        MaskStream stream = new(ulong.MaxValue, 1, 2);

        (int exitCode, string output, _) = Run($"mask --seed {ulong.MaxValue} --step 1 --site 2 --first 1099511627789 --count {Count} --keep 0.3");

        Assert.Equal(0, exitCode);
        bool[] kept = new bool[Count];
        stream.FillKept(kept, DropRate.FromKeepProbability(0.3), 1099511627789);
        Assert.Equal(string.Concat(kept.Select(static each => each ? '1' : '0')) + Environment.NewLine, output);
    }

    [Theory]
    [InlineData("mask --keep 1.2", "--keep must be a number in [0, 1]; received 1.2.")]
    [InlineData("mask --step -1", "--step must be a whole number in [0, 4294967295]; received -1.")]
    [InlineData("mask --first 4611686018427387903 --count 2", "--first and --count must end by element 2^62; received 2 elements from 4611686018427387903.")]
    public void Mask_Mistake_IsOneLine(string commandLine, string expected)
    {
        (int exitCode, string output, string error) = Run(commandLine);

        Assert.Equal(ExitCode.UserError, exitCode);
        Assert.Equal(string.Empty, output);
        Assert.StartsWith("error: " + expected, error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(string commandLine)
    {
        using StringWriter output = new(), error = new();
        int exitCode = DropoutProgram.Run(commandLine.Split(' '), output, error, TimeProvider.System);
        return (exitCode, output.ToString(), error.ToString());
    }
}
