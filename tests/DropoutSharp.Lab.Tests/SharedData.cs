namespace DropoutSharp.Lab.Tests;

/// <summary>Data that lie beside the repository, where somebody has put them there.</summary>
internal static class SharedData
{
    /// <summary>The path of a folder of data; the test is skipped where it is absent.</summary>
    public static string Require(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DropoutSharp.slnx")))
            {
                string path = Path.Combine(folder.Parent!.FullName, "shared", "data", name);
                Assert.SkipUnless(Directory.Exists(path), $"The data '{name}' do not lie in ../shared/data.");
                return path;
            }
        }

        Assert.Skip("The tests do not run inside the repository.");
        return "";
    }
}
