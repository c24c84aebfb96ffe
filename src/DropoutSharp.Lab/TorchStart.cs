using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DropoutSharp.Torch;

namespace DropoutSharp.Lab;

/// <summary>Wakes the project that loads libtorch, so that a first call to TorchSharp from here finds it.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp's types load libtorch on first use, before any code of ours that could be called instead.")]
    internal static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(LibtorchRuntime).Module.ModuleHandle);
}
