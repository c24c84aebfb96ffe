namespace DropoutSharp.Torch;

/// <summary>
/// A copy of TorchSharp's native library that also loads where the C++ library is older than the one that it was linked with.
/// </summary>
/// <remarks>
/// The library names the version <c>GLIBCXX_3.4.32</c>, which Debian 12 and Ubuntu 22.04 lack, for a symbol that nothing calls. In the copy such
/// versions are optional. The original is never changed.
/// </remarks>
internal static class PrivateCopy
{
    private const string CppLibrary = "libstdc++.so.6";

    /// <summary>Makes the copy, or finds the one that was made before, and returns its path.</summary>
    /// <param name="original">The path of the library as it was installed.</param>
    /// <param name="folders">Where the copy may lie, in order of preference; the first that can be written to is taken.</param>
    /// <returns>The copy's path, or null where a copy would not differ from the original.</returns>
    /// <exception cref="InvalidDataException">The original is damaged.</exception>
    /// <exception cref="IOException">No folder could be written to.</exception>
    /// <remarks>
    /// A copy that is there is compared byte for byte with what it must be, so that a stale or damaged one is replaced. Writing goes to a
    /// temporary name and a rename: processes that start together each end up with a whole file.
    /// </remarks>
    public static string? Make(string original, IReadOnlyList<string> folders)
    {
        if (new ElfFile(File.ReadAllBytes(original)).WeakenUnusedVersions(CppLibrary) is not byte[] wanted)
        {
            return null;
        }

        string name = Path.GetFileNameWithoutExtension(original) + ".private" + Path.GetExtension(original);
        Exception? last = null;
        foreach (string path in folders.Select(folder => Path.Combine(folder, name)))
        {
            try
            {
                if (!IsThere(path, wanted))
                {
                    Write(path, wanted);
                }

                return path;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                last = exception;
            }
        }

        throw new IOException($"No private copy of {original} could be written to {string.Join(" or ", folders)}.", last);
    }

    /// <summary>Where copies are kept for this user alone: <c>$XDG_CACHE_HOME/dropoutsharp</c> or <c>~/.cache/dropoutsharp</c>, by version.</summary>
    public static string UserFolder()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            cache = home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
        }

        return Path.Combine(cache, "dropoutsharp", "torchsharp-" + LibtorchRuntime.TorchSharpVersion);
    }

    private static bool IsThere(string path, byte[] wanted) =>
        File.Exists(path) && new FileInfo(path).Length == wanted.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(wanted);

    private static void Write(string path, byte[] wanted)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, wanted);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
