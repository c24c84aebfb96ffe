using System.Xml.Linq;

namespace DropoutSharp.Tests.Architecture;

public sealed class ProjectReferenceTests
{
    /// <summary>Which projects each project may know. Arrows go down only.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["DropoutSharp"] = [],
        ["DropoutSharp.Torch"] = ["DropoutSharp"],
        ["DropoutSharp.Lab"] = ["DropoutSharp.Torch"],
        ["DropoutSharp.Benchmarks"] = ["DropoutSharp.Lab", "DropoutSharp.Torch", "DropoutSharp"],
        ["DropoutSharp.Cli"] = ["DropoutSharp.Lab", "DropoutSharp.Torch", "DropoutSharp", "DropoutSharp.Benchmarks"],
    };

    public static TheoryData<string> Projects =>
        [.. Repository.ProjectsUnder("src", "benchmarks").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_EveryProject_GoDownOnly(string project)
    {
        Assert.True(AllowedReferences.ContainsKey(project), $"{project} has no place in the architecture; give it one here.");

        string[] references = [.. Elements(project, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))];

        Assert.Empty(references.Except(AllowedReferences[project]));
    }

    [Fact]
    public void PackageReferences_Core_AreNone() => Assert.Empty(Elements("DropoutSharp", "PackageReference"));

    [Fact]
    public void PackageReferences_Everywhere_NameNoVersion()
    {
        foreach (string path in Repository.ProjectsUnder("src", "benchmarks", "tests", "samples"))
        {
            Assert.DoesNotContain(XDocument.Load(path).Descendants("PackageReference"), element => element.Attribute("Version") is not null);
        }
    }

    private static IEnumerable<string> Elements(string project, string name)
    {
        string path = Repository.ProjectsUnder("src", "benchmarks").Single(path => Path.GetFileNameWithoutExtension(path) == project);
        return XDocument.Load(path).Descendants(name).Select(element => element.Attribute("Include")!.Value);
    }
}
