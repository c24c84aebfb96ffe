using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Keeps the kernels at the number of threads that libtorch works with, and on its threads where they can be had.</summary>
internal static class KernelThreads
{
    static KernelThreads()
    {
        LibtorchRuntime.EnsureLoaded();
        DropoutPrimitives.Team ??= OpenMPTeam.Find();
    }

    /// <summary>libtorch's threads, or null where they cannot be had or the kernels were given others.</summary>
    public static OpenMPTeam? Team => DropoutPrimitives.Team as OpenMPTeam;

    /// <summary>Takes over <c>torch.get_num_threads()</c>; one on a thread that keeps to itself.</summary>
    public static void Follow()
    {
        int threads = PassWorkers.KeepsToThread ? 1 : Math.Max(1, get_num_threads());
        if (threads != DropoutPrimitives.MaxDegreeOfParallelism)
        {
            DropoutPrimitives.MaxDegreeOfParallelism = threads;
        }
    }
}
