using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DropoutSharp.Torch;

/// <summary>Loads TorchSharp's native library where the system's own way of loading it has failed.</summary>
/// <remarks>It is asked only then: where the ordinary load works, nothing here runs.</remarks>
internal static class LibtorchLoader
{
    /// <summary>The native library that every call of TorchSharp goes to.</summary>
    public const string Library = "LibTorchSharp";

    /// <summary>What that library needs, in the order in which each finds what it needs itself.</summary>
    public static readonly string[] Prerequisites = ["c10", "torch_cpu", "torch"];

    private static readonly Lock Gate = new();
    private static bool _registered;
    private static nint _handle;

    /// <summary>What it took, as far as this loader was asked.</summary>
    public static LoaderHelp Help { get; private set; }

    /// <summary>The file that this loader loaded, or null.</summary>
    public static string? LoadedFile { get; private set; }

    /// <summary>Asks to be told when a native library is not found.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be in place before the first call of TorchSharp, which users make without us.")]
    internal static void Register()
    {
        lock (Gate)
        {
            if (_registered)
            {
                return;
            }

            _registered = true;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            AssemblyLoadContext? own = AssemblyLoadContext.GetLoadContext(typeof(LibtorchLoader).Assembly);
            if (own is not null && own != AssemblyLoadContext.Default)
            {
                own.ResolvingUnmanagedDll += Resolve;
            }
        }
    }

    /// <summary>Loads the library from where it lies, by a private copy if it must be.</summary>
    /// <returns>Its handle, or 0.</returns>
    internal static nint Load()
    {
        lock (Gate)
        {
            if (_handle != 0 || NativeFolders.Locate(Library) is not string file)
            {
                return _handle;
            }

            foreach (string prerequisite in Prerequisites)
            {
                if (NativeFolders.Locate(prerequisite) is string path)
                {
                    NativeLibrary.TryLoad(path, out _);
                }
            }

            if (NativeLibrary.TryLoad(file, out _handle))
            {
                (Help, LoadedFile) = (LoaderHelp.Located, file);
            }
            else if (OperatingSystem.IsLinux() && TryCopy(file) is string copy && NativeLibrary.TryLoad(copy, out _handle))
            {
                (Help, LoadedFile) = (LoaderHelp.PrivateCopy, copy);
            }

            return _handle;
        }
    }

    /// <summary>The folders for the private copy: beside the library where that is the program's own folder, and the user's cache.</summary>
    internal static IReadOnlyList<string> CopyFolders(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        string program = Path.TrimEndingDirectorySeparator(Path.GetFullPath(AppContext.BaseDirectory));
        bool isOurs = folder == program || folder.StartsWith(program + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isOurs ? [folder, PrivateCopy.UserFolder()] : [PrivateCopy.UserFolder()];
    }

    private static string? TryCopy(string file)
    {
        try
        {
            return PrivateCopy.Make(file, CopyFolders(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null; // LoadProblems finds the cause again and says it
        }
    }

    /// <exception cref="LibtorchLoadException">
    /// It cannot be loaded here either. TorchSharp puts the message into its own, which otherwise blames a missing package whatever the cause is.
    /// </exception>
    private static nint Resolve(Assembly assembly, string name)
    {
        if (Path.GetFileNameWithoutExtension(name) is not (Library or "lib" + Library))
        {
            return 0;
        }

        nint handle = Load();
        return handle != 0 ? handle : throw new LibtorchLoadException(string.Join(" ", LoadProblems.Find()));
    }
}
