using System.Runtime.InteropServices;

namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class PrivateCopyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dropoutsharp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Make_EmptyFolder_WritesALoadableCopyAndNothingElse()
    {
        LibtorchRuntime.EnsureLoaded(); // the libraries that the copy needs lie beside the original
        string copy = Make();
        Assert.True(NativeLibrary.TryLoad(copy, out _));
        Assert.Equal([copy], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Make_GoodCopyIsThere_LeavesItAlone()
    {
        string copy = Make();
        File.SetLastWriteTimeUtc(copy, DateTime.UnixEpoch);
        Assert.Equal(copy, Make());
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(copy));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Make_DamagedCopyIsThere_ReplacesIt(bool cutShort)
    {
        string copy = Make();
        byte[] good = File.ReadAllBytes(copy), bad = cutShort ? good[..1000] : [.. good];
        bad[500] ^= 1;
        File.WriteAllBytes(copy, bad);
        Assert.Equal(good, File.ReadAllBytes(Make()));
    }

    [Fact]
    public void Make_FirstFolderCannotBeWritten_TakesTheNext()
    {
        string blocked = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(blocked, "a file where a folder should be");
        string next = Path.Combine(_folder.FullName, "next");
        string? copy = PrivateCopy.Make(ElfFileTests.LibraryPath(), [Path.Combine(blocked, "below"), next]);
        Assert.Equal(next, Path.GetDirectoryName(copy));
    }

    [Fact]
    public void Make_NoFolderCanBeWritten_NamesThem()
    {
        string blocked = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(blocked, "");
        IOException exception = Assert.Throws<IOException>(
            () => PrivateCopy.Make(ElfFileTests.LibraryPath(), [Path.Combine(blocked, "below")]));
        Assert.Contains(blocked, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_ManyAtOnce_AllGetAWholeFile()
    {
        string original = ElfFileTests.LibraryPath();
        string?[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PrivateCopy.Make(original, [_folder.FullName]))));
        Assert.All(copies, copy => Assert.Equal(copies[0], copy));
        Assert.Single(Directory.GetFiles(_folder.FullName));
        Assert.Null(new ElfFile(File.ReadAllBytes(copies[0]!)).WeakenUnusedVersions("libstdc++.so.6"));
    }

    private string Make() => PrivateCopy.Make(ElfFileTests.LibraryPath(), [_folder.FullName])!;
}
