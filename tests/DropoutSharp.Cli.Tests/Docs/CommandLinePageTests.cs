using System.CommandLine;
using System.Text.RegularExpressions;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Docs;

/// <summary>What the documents say about the command line is what the program does.</summary>
/// <remarks>With UPDATE_DOCS=1 the help in docs/command-line.md is written anew instead of compared.</remarks>
public sealed partial class CommandLinePageTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Page = Path.Combine(Root, "docs", "command-line.md");

    public static TheoryData<string> Commands => CommandCatalog.Paths;

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_OfACommand_IsWhatThePageShows(string name)
    {
        string page = File.ReadAllText(Page);
        Match place = Regex.Match(page, $@"<!-- help: {name} -->\n(?:```text\n(?<help>.*?)```\n)?", RegexOptions.Singleline);
        Assert.True(place.Success, $"docs/command-line.md must have a section on {name} with a line '<!-- help: {name} -->'; UPDATE_DOCS=1 fills it.");
        using StringWriter output = new() { NewLine = "\n" };
        DropoutProgram.Run([.. name.Split(' '), "--help"], output, TextWriter.Null, TimeProvider.System);
        string[] lines = [.. output.ToString().Split('\n').Select(static line => line.TrimEnd())];
        string help = string.Join('\n', lines).Trim('\n').Replace("DropoutSharp.Cli.Tests", "dropout", StringComparison.Ordinal) + "\n";

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Page, page.Replace(place.Value, $"<!-- help: {name} -->\n```text\n{help}```\n", StringComparison.Ordinal));
            return;
        }

        Assert.Equal(help, place.Groups["help"].Value);
    }

    [Fact]
    public void CommandLines_InDocuments_Parse()
    {
        string[] documents = [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md")];

        (string Document, string Line)[] lines = [.. documents.SelectMany(static document => CodeLines(document).Select(line => (Path.GetFileName(document), line)))
            .Where(static pair => CommandLine().IsMatch(pair.line))];

        Assert.NotEmpty(lines);
        Assert.All(lines, pair =>
        {
            string arguments = CommandLine().Match(pair.Line).Groups[1].Value;
            ParseResult parsed = DropoutProgram.CreateRoot().Parse(arguments);
            Assert.True(ParseErrorText.Of(parsed) is null, $"{pair.Document}: '{pair.Line}': {ParseErrorText.Of(parsed)}");
        });
    }

    private static IEnumerable<string> CodeLines(string document)
    {
        bool isCode = false;
        foreach (string line in File.ReadLines(document))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode && !line.EndsWith(" [options]", StringComparison.Ordinal)) // a usage line of the help
            {
                yield return line;
            }
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropoutSharp.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run below the repository's root; there is none above them.");
    }

    // A line of its own in a block of code; what follows a pipe or a redirection is the shell's.
    [GeneratedRegex(@"^\s*(?:\$ )?(?:\./)?dropout ([a-z-]+(?:\s[^|>#…]*)?)(?:[|>#…].*)?$")]
    private static partial Regex CommandLine();
}
