using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DropoutSharp.Torch;

/// <summary>Why libtorch cannot be loaded, found by trying, as sentences.</summary>
internal static partial class LoadProblems
{
    private static readonly string[] Platforms = ["linux-x64", "osx-arm64", "win-arm64", "win-x64"];

    /// <summary>The system's C library, such as <c>glibc 2.36</c>; null where there is no GNU C library.</summary>
    public static string? CLibrary { get; } = FindCLibrary();

    /// <summary>One sentence a cause, the first being the one to mend first.</summary>
    public static IReadOnlyList<string> Find()
    {
        string platform = NativeFolders.Platform;
        if (!Platforms.Contains(platform))
        {
            return [$"TorchSharp has native libraries for {string.Join(", ", Platforms)}; this process runs on {platform}."];
        }

        if (OperatingSystem.IsLinux() && CLibrary is null)
        {
            return ["libtorch needs the GNU C library (glibc); this system has another one, as Alpine Linux does: use a Debian- or Ubuntu-based image."];
        }

        List<string> problems = [];
        if (NativeFolders.Locate(LibtorchLoader.Library) is null)
        {
            problems.Add(Missing(LibtorchLoader.Library, $"package TorchSharp {LibtorchRuntime.TorchSharpVersion}"));
        }

        if (NativeFolders.Locate("torch_cpu") is null)
        {
            string package = $"package libtorch-cpu-{platform} {LibtorchRuntime.LibtorchVersion}";
            problems.Add(Missing("torch_cpu", package));
        }

        foreach (string library in LibtorchLoader.Prerequisites.Append(LibtorchLoader.Library).TakeWhile(_ => problems.Count == 0))
        {
            if (NativeFolders.Locate(library) is string path && TryLoad(path, library) is string problem)
            {
                problems.Add(problem);
            }
        }

        return problems.Count > 0 ? problems
            : [$"{NativeFolders.FileName(LibtorchLoader.Library)} loads by its path but not by its name; looked in {string.Join(", ", NativeFolders.All)}."];
    }

    /// <summary>A sentence on the first library that is cut short, or null. Loading such a one would end the process without a word.</summary>
    public static string? FindCutShort() =>
        LibtorchLoader.Prerequisites.Append(LibtorchLoader.Library)
            .Select(NativeFolders.Locate)
            .Where(path => path is not null && NativeFileLength.IsCutShort(path))
            .Select(path => Damage(path!))
            .FirstOrDefault();

    /// <summary>What a loader's own words mean.</summary>
    /// <param name="path">The library that was to be loaded.</param>
    /// <param name="said">What the system said.</param>
    internal static string Explain(string path, string said)
    {
        string name = Path.GetFileName(path);
        if (VersionNotFound().Match(said) is { Success: true } version)
        {
            string owner = version.Groups["version"].Value.StartsWith("GLIBCXX", StringComparison.Ordinal)
                || version.Groups["version"].Value.StartsWith("CXXABI", StringComparison.Ordinal)
                ? "C++ library (package libstdc++6)" : "C library (glibc)";
            return $"{name} needs {version.Groups["version"].Value} of the {owner}, and {version.Groups["library"].Value} here is older"
                + $"{(CLibrary is null ? "" : $" (this system has {CLibrary})")}: use a newer system.";
        }

        if (LibraryNotFound().Match(said) is { Success: true } missing && missing.Groups["library"].Value != path)
        {
            string library = Path.GetFileName(missing.Groups["library"].Value);
            string cure = library.StartsWith("libgomp", StringComparison.Ordinal)
                ? $"it belongs to package libtorch-cpu-{NativeFolders.Platform}, or install libgomp1"
                : library.StartsWith("libtorch", StringComparison.Ordinal) || library.StartsWith("libc10", StringComparison.Ordinal)
                    ? $"it belongs to package libtorch-cpu-{NativeFolders.Platform} {LibtorchRuntime.LibtorchVersion}"
                    : "install the system package that has it";
            return $"{name} needs {library}, which is not on this system: {cure}.";
        }

        return Damaged().IsMatch(said)
            ? Damage(path)
            : WrongKind().IsMatch(said)
                ? $"{path} was built for another processor; this process runs on {NativeFolders.Platform}."
                : $"{path} cannot be loaded: {LastLine(said)}";
    }

    private static string? TryLoad(string path, string library)
    {
        string said;
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            said = exception.Message;
        }

        if (OperatingSystem.IsLinux() && library == LibtorchLoader.Library)
        {
            try
            {
                if (PrivateCopy.Make(path, LibtorchLoader.CopyFolders(path)) is string copy)
                {
                    return NativeLibrary.TryLoad(copy, out _) ? null : Explain(path, said);
                }
            }
            catch (InvalidDataException exception)
            {
                return $"{path} is damaged ({exception.Message}): delete it and restore its package again.";
            }
            catch (IOException exception)
            {
                return exception.Message + " One of them must be writable, because this system's C++ library is older than the one that TorchSharp names.";
            }
        }

        return Explain(path, said);
    }

    private static string Damage(string path) => $"{path} is damaged or cut short: delete it and restore its package again.";

    private static string Missing(string library, string package)
    {
        IReadOnlyList<string> others = NativeFolders.OtherPlatformsWith(library);
        return others.Count > 0
            ? $"{NativeFolders.FileName(library)} is here for {string.Join(", ", others)} only, and this process runs on {NativeFolders.Platform}: "
                + $"add a reference to {package}."
            : $"{NativeFolders.FileName(library)} was not found beside the program or under runtimes/{NativeFolders.Platform}/native: "
                + $"add a reference to {package} (looked in {string.Join(", ", NativeFolders.All.Where(Directory.Exists))}).";
    }

    private static string LastLine(string said) =>
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lines ? lines[^1] : "no reason was given.";

    private static unsafe string? FindCLibrary()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return "glibc " + Marshal.PtrToStringUTF8(GetGnuCLibraryVersion());
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GetGnuCLibraryVersion();

    [GeneratedRegex(@"(?<library>[^\s:]+): version `(?<version>[A-Za-z_]+[0-9.]+)' not found")]
    private static partial Regex VersionNotFound();

    [GeneratedRegex(@"(?<library>[^\s:]+): cannot open shared object file: No such file")]
    private static partial Regex LibraryNotFound();

    [GeneratedRegex("invalid ELF header|file too short|truncated|file data extends|cannot read file data", RegexOptions.IgnoreCase)]
    private static partial Regex Damaged();

    [GeneratedRegex("wrong ELF class|incompatible architecture|cannot open shared object file: Exec format|ELF file's phentsize")]
    private static partial Regex WrongKind();
}
