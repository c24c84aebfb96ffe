namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class NativeFoldersTests
{
    [Fact]
    public void InPackageCache_TorchSharpInACache_NamesBothPackages()
    {
        string cache = Path.Combine(Path.GetTempPath(), "packages");
        string[] folders = [.. NativeFolders.InPackageCache(Path.Combine(cache, "torchsharp", "0.107.0", "lib", "net8.0"))];
        Assert.Equal(
            [
                Path.Combine(cache, "torchsharp", "0.107.0", "runtimes", NativeFolders.Platform, "native"),
                Path.Combine(cache, $"libtorch-cpu-{NativeFolders.Platform}", "2.10.0", "runtimes", NativeFolders.Platform, "native"),
            ],
            folders);
    }

    [Fact]
    public void InPackageCache_TorchSharpBesideAProgram_IsNone() =>
        Assert.Empty(NativeFolders.InPackageCache(AppContext.BaseDirectory));

    [Fact]
    public void Locate_Libraries_FindsThemOnce()
    {
        Assert.NotNull(NativeFolders.Locate(LibtorchLoader.Library));
        Assert.Null(NativeFolders.Locate("no_such_library"));
        Assert.Equal(NativeFolders.All.Distinct(), NativeFolders.All);
    }
}
