using System.Runtime.CompilerServices;

namespace DropoutSharp.Tests.Architecture;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> ProjectsUnder(params string[] folders) =>
        folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories));

    private static string FindRoot([CallerFilePath] string path = "")
    {
        DirectoryInfo? folder = new FileInfo(path).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropoutSharp.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run where their sources lie: no DropoutSharp.slnx above them.");
    }
}
