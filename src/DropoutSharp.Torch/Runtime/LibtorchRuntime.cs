using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace DropoutSharp.Torch;

/// <summary>libtorch as it is found on this machine.</summary>
/// <remarks>
/// Nothing here needs to be called: libtorch is loaded at its first use, on Debian 12 and Ubuntu 22.04 too, where TorchSharp's own library asks for a
/// newer C++ library than there is. A program calls <see cref="EnsureLoaded"/> to fail early, with the true cause.
/// </remarks>
public static class LibtorchRuntime
{
    private static readonly Lock Gate = new();
    private static bool _loaded;

    /// <summary>The version of TorchSharp, such as <c>0.107.0</c>.</summary>
    public static string TorchSharpVersion { get; } = Version(typeof(torch).Assembly);

    /// <summary>The version of libtorch that this TorchSharp is built for, such as <c>2.10.0</c>.</summary>
    public static string LibtorchVersion { get; } = FindLibtorchVersion();

    /// <summary>Loads libtorch if it is not loaded yet.</summary>
    /// <exception cref="LibtorchLoadException">It cannot be loaded; the message names the cause.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            // Asked here first, because TorchSharp answers a failure by printing and by copying half a gigabyte from the package cache.
            LibtorchLoader.Register();
            if (LoadProblems.FindCutShort() is string damage)
            {
                throw new LibtorchLoadException(damage);
            }

            if (!NativeLibrary.TryLoad(LibtorchLoader.Library, typeof(torch).Assembly, null, out _))
            {
                IReadOnlyList<string> problems = LoadProblems.Find();
                throw new LibtorchLoadException(string.Join(" ", problems));
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            HeapMemory.Reuse();
            _loaded = true;
        }
    }

    /// <summary>What runs here; loads libtorch if that is possible.</summary>
    public static RuntimeReport Inspect()
    {
        List<string> problems = [];
        try
        {
            EnsureLoaded();
        }
        catch (LibtorchLoadException exception)
        {
            problems.Add(exception.Message);
        }

        bool ready = problems.Count == 0;
        if (ready && SelfTest.Run() is string defect)
        {
            problems.Add(defect);
        }

        return new RuntimeReport
        {
            DropoutSharpVersion = Version(typeof(LibtorchRuntime).Assembly),
            TorchSharpVersion = TorchSharpVersion,
            LibtorchVersion = LibtorchVersion,
            DotNetVersion = RuntimeInformation.FrameworkDescription,
            OperatingSystem = RuntimeInformation.OSDescription.Trim(),
            CLibrary = LoadProblems.CLibrary,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            Processors = Environment.ProcessorCount,
            VectorBits = Vector512.IsHardwareAccelerated ? 512
                : Vector256.IsHardwareAccelerated ? 256
                : Vector128.IsHardwareAccelerated ? 128 : 0,
            Threads = ready ? torch.get_num_threads() : null,
            HasCuda = ready ? torch.cuda.is_available() : null,
            Loader = !ready ? LoaderHelp.NotLoaded : LibtorchLoader.Help == LoaderHelp.NotLoaded ? LoaderHelp.NotNeeded : LibtorchLoader.Help,
            LoadedFile = !ready ? null : LibtorchLoader.LoadedFile ?? NativeFolders.Locate(LibtorchLoader.Library),
            Problems = problems,
        };
    }

    /// <summary>TorchSharp tells it by a property too, but asking that one loads libtorch.</summary>
    private static string FindLibtorchVersion() =>
        typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() is string version
            ? version.EndsWith(".0", StringComparison.Ordinal) && version.Count(c => c == '.') == 3 ? version[..^2] : version
            : "unknown";

    private static string Version(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        return version.Split('+')[0];
    }
}
