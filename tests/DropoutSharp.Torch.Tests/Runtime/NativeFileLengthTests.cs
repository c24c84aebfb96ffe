namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class NativeFileLengthTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(100_000)]
    [InlineData(2_000_000)]
    public void IsCutShort_PartOfALibrary_IsTrue(int length)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("part.so");
        File.WriteAllBytes(path, File.ReadAllBytes(ElfFileTests.LibraryPath())[..length]);
        Assert.True(NativeFileLength.IsCutShort(path));
    }

    [Fact]
    public void IsCutShort_WholeLibrariesAndOtherFiles_IsFalse()
    {
        Assert.False(NativeFileLength.IsCutShort(ElfFileTests.LibraryPath()));
        Assert.All(LibtorchLoader.Prerequisites, library => Assert.False(NativeFileLength.IsCutShort(NativeFolders.Locate(library)!)));
        Assert.False(NativeFileLength.IsCutShort(typeof(NativeFileLengthTests).Assembly.Location));
        Assert.Null(LoadProblems.FindCutShort());
    }
}
