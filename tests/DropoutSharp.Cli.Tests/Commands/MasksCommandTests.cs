using System.Text.Json;
using System.Text.RegularExpressions;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Lab.Pictures;

namespace DropoutSharp.Cli.Tests.Commands;

public sealed class MasksCommandTests
{
    [Fact]
    public void Masks_Default_IsWhatTheVariantsPageShows()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropoutSharp.slnx")))
        {
            folder = folder.Parent;
        }

        string page = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "variants.md"));
        Match shown = Regex.Match(page, "<!-- masks -->\n```text\n(.*?)\n```", RegexOptions.Singleline);
        Assert.Equal(Run("masks").Trim(), shown.Groups[1].Value);
    }

    [Theory]
    [InlineData("0", MaskPictures.Dropped)]
    [InlineData("1", MaskPictures.Kept)]
    public void Masks_EndsOfTheRate_DropNothingOrAll(string rate, char never)
    {
        foreach (string line in Run("masks", "--rate", rate, "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument picture = JsonDocument.Parse(line);

            // PatchDropout keeps at least one token and its prefix, whatever the rate.
            bool isExempt = rate == "1" && picture.RootElement.GetProperty("variant").GetString() == "PatchDropout";
            Assert.True(isExempt || picture.RootElement.GetProperty("lines").EnumerateArray().All(text => !text.GetString()!.Contains(never, StringComparison.Ordinal)), line);
        }
    }

    private static string Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Assert.Equal(ExitCode.Success, DropoutProgram.Run(args, output, TextWriter.Null, TimeProvider.System));
        return output.ToString();
    }
}
