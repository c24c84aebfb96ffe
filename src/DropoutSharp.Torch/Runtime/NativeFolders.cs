using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>Where native libraries lie: beside the program, under <c>runtimes/</c>, or in the folders that the host names (package caches).</summary>
internal static class NativeFolders
{
    /// <summary>The platform that TorchSharp and libtorch are packaged for, such as <c>linux-x64</c>.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "other")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The file name of a native library on this system, such as <c>libc10.so</c> for <c>c10</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Every folder to look in, the most likely first, each once.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    /// <summary>The full path of a native library, or null where no folder has it.</summary>
    public static string? Locate(string library) =>
        All.Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>The platforms other than this one that a library lies here for, such as <c>win-x64</c>.</summary>
    public static IReadOnlyList<string> OtherPlatformsWith(string library)
    {
        string runtimes = Path.Combine(AppContext.BaseDirectory, "runtimes");
        string[] names = [library + ".dll", $"lib{library}.so", $"lib{library}.dylib"];
        return !Directory.Exists(runtimes)
            ? []
            : [.. Directory.EnumerateDirectories(runtimes)
                .Where(folder => names.Any(name => File.Exists(Path.Combine(folder, "native", name))))
                .Select(folder => Path.GetFileName(folder))
                .Where(platform => platform != Platform)
                .Order(StringComparer.Ordinal)];
    }

    private static List<string> Find()
    {
        List<string> folders = [];
        string here = Path.GetDirectoryName(typeof(NativeFolders).Assembly.Location) ?? "";
        string torchSharp = Path.GetDirectoryName(typeof(TorchSharp.torch).Assembly.Location) ?? "";
        foreach (string root in new[] { AppContext.BaseDirectory, here, torchSharp }.Where(root => root.Length > 0))
        {
            folders.Add(root);
            folders.Add(Path.Combine(root, "runtimes", Platform, "native"));
        }

        folders.AddRange(InPackageCache(torchSharp));

        // The host lists here the native folders of packages that were not copied beside the program, and of a single-file program's extraction.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string listed)
        {
            folders.AddRange(listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The folders of the two packages where TorchSharp itself lies in a package cache, as in notebooks and scripts.</summary>
    /// <param name="torchSharp">TorchSharp's folder: in a cache, <c>…/torchsharp/VERSION/lib/FRAMEWORK</c>.</param>
    internal static IEnumerable<string> InPackageCache(string torchSharp)
    {
        string[] parts = Path.TrimEndingDirectorySeparator(torchSharp).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        if (parts is not [.. string[] cache, "torchsharp", string version, "lib", _])
        {
            return [];
        }

        string root = string.Join(Path.DirectorySeparatorChar, cache);
        return new[] { ("torchsharp", version), ($"libtorch-cpu-{Platform}", LibtorchRuntime.LibtorchVersion) }
            .Select(package => Path.Combine(root, package.Item1, package.Item2, "runtimes", Platform, "native"));
    }
}
