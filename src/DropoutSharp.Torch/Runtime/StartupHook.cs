using System.Diagnostics.CodeAnalysis;

/// <summary>
/// Runs before a program's <c>Main</c>, so that a program whose first call is TorchSharp's finds libtorch loaded the same way as one whose first
/// call is ours. The package names this assembly as a startup hook of the programs that reference it.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name outside any namespace.")]
[SuppressMessage("Performance", "CA1812", Justification = "The runtime calls it.")]
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => DropoutSharp.Torch.LibtorchLoader.Register();
}
