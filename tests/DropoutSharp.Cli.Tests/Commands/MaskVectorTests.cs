using System.Globalization;
using System.Text.Json;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Commands;

/// <summary>What <c>dropout mask</c> prints is what the mask stream's vectors say.</summary>
public sealed class MaskVectorTests
{
    [Fact]
    public void Mask_EveryVector_IsPrinted() => Assert.All(Vectors(), static vector =>
    {
        using StringWriter output = new() { NewLine = "\n" };
        int exitCode = DropoutProgram.Run(vector.Arguments, output, TextWriter.Null, TimeProvider.System);

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(vector.Kept + "\n", output.ToString());
    });

    [Fact]
    public void Mask_VectorAsAProcess_IsPrinted()
    {
        (string[] arguments, string kept) = Vectors()[^1];

        DropoutProcess.Result result = DropoutProcess.Run(arguments);

        Assert.Equal((0, kept), (result.ExitCode, result.Output.TrimEnd()));
    }

    private static (string[] Arguments, string Kept)[] Vectors()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropoutSharp.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "DropoutSharp.Tests", "Masks", "vectors.json")));
        return [.. vectors.RootElement.GetProperty("masks").EnumerateArray().Select(static vector =>
        {
            string kept = vector.GetProperty("kept").GetString()!;
            string[] arguments =
            [
                "mask", "--seed", vector.GetProperty("key").GetString()!, "--step", vector.GetProperty("step").GetRawText(),
                "--site", vector.GetProperty("site").GetRawText(), "--first", vector.GetProperty("first").GetString()!,
                "--count", kept.Length.ToString(CultureInfo.InvariantCulture), "--keep", vector.GetProperty("keep").GetRawText(),
            ];
            return (arguments, kept);
        })];
    }
}
