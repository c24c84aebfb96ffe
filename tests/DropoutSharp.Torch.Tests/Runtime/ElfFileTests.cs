using System.Buffers.Binary;

namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class ElfFileTests
{
    private const string CppLibrary = "libstdc++.so.6";

    [Fact]
    public void WeakenUnusedVersions_TorchSharpsLibrary_ChangesTheFlagOfUnusedVersionsOnly()
    {
        byte[] bytes = ReadLibrary();
        ElfFile original = new(bytes);
        byte[] copy = original.WeakenUnusedVersions(CppLibrary)!;

        ElfFile.NeededVersion[] weakened = [.. new ElfFile(copy).Versions.Where(version => version.IsWeak)];

        Assert.Contains(weakened, version => version.Version == "GLIBCXX_3.4.32" && version.Library == CppLibrary);
        Assert.All(weakened, version => Assert.Equal(CppLibrary, version.Library));
        Assert.DoesNotContain(weakened, version => version.Version is "GLIBCXX_3.4" or "CXXABI_1.3"); // strings and exceptions: used everywhere
        int[] different = [.. Enumerable.Range(0, bytes.Length).Where(i => bytes[i] != copy[i])];
        Assert.Equal(weakened.Select(version => version.FlagsOffset).Order(), different);
        Assert.DoesNotContain(original.Versions, version => version.IsWeak);
    }

    [Fact]
    public void WeakenUnusedVersions_ItsOwnResult_IsNull() =>
        Assert.Null(new ElfFile(new ElfFile(ReadLibrary()).WeakenUnusedVersions(CppLibrary)!).WeakenUnusedVersions(CppLibrary));

    [Fact]
    public void NeededLibraries_TorchSharpsLibrary_NamesLibtorch() =>
        Assert.Superset(new HashSet<string> { "libtorch_cpu.so", "libc10.so", CppLibrary }, new ElfFile(ReadLibrary()).NeededLibraries().ToHashSet());

    [Fact]
    public void Constructor_NoElfFile_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => new ElfFile("MZ and more than sixty-four bytes of something that is not an ELF file at all"u8.ToArray()));

    [Theory]
    [InlineData(100)]
    [InlineData(64)]
    [InlineData(300_000)]
    [InlineData(2_390_000)]
    public void Constructor_CutShort_IsRefused(int length) =>
        Assert.Throws<InvalidDataException>(() => new ElfFile(ReadLibrary()[..length]));

    [Fact]
    public void Constructor_SectionTableOutsideTheFile_IsRefused()
    {
        byte[] bytes = ReadLibrary();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x28), ulong.MaxValue - 8);
        Assert.Throws<InvalidDataException>(() => new ElfFile(bytes));
    }

    internal static string LibraryPath()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux has ELF libraries.");
        }

        return NativeFolders.Locate(LibtorchLoader.Library)!;
    }

    private static byte[] ReadLibrary() => File.ReadAllBytes(LibraryPath());
}
