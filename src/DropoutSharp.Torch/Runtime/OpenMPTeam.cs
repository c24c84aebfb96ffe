using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DropoutSharp.Torch;

/// <summary>libtorch's own threads: those of the OpenMP library that it is linked with.</summary>
/// <remarks>
/// They wait in a loop for some milliseconds after each of libtorch's operations. A kernel between two operations that used threads of .NET's pool would find the
/// processors taken; here it takes the threads that wait. The entry point is the one that GCC's compiled code calls for a parallel region.
/// </remarks>
internal sealed unsafe class OpenMPTeam : IThreadTeam
{
    /// <summary>Work that this thread has no use for at the moment: making one, and a handle of it for native code, costs more than many a kernel's share.</summary>
    [ThreadStatic]
    private static Work? _idle;

    private readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void> _parallel;

    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int> _number;

    private OpenMPTeam(nint parallel, nint number)
    {
        _parallel = (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)parallel;
        _number = (delegate* unmanaged[Cdecl, SuppressGCTransition]<int>)number;
    }

    /// <summary>The team, or null where libtorch uses another OpenMP library than GCC's, or none.</summary>
    public static OpenMPTeam? Find() =>
        NativeLibrary.TryLoad(LibtorchLoader.Library, typeof(torch).Assembly, null, out nint library)
        && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint parallel)
        && NativeLibrary.TryGetExport(library, "omp_get_thread_num", out nint number)
            ? new OpenMPTeam(parallel, number)
            : null;

    /// <inheritdoc/>
    /// <remarks>GCC's library reads these variables once, when it is loaded.</remarks>
    public bool Spins { get; } = SpinsUnder(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"), Environment.GetEnvironmentVariable("GOMP_SPINCOUNT"));

    /// <summary>Whether GCC's library lets its threads spin, by the values of OMP_WAIT_POLICY and GOMP_SPINCOUNT; the latter goes first.</summary>
    public static bool SpinsUnder(string? policy, string? count) =>
        string.IsNullOrWhiteSpace(count)
            ? !"passive".Equals(policy?.Trim(), StringComparison.OrdinalIgnoreCase)
            : count.Trim() != "0";

    /// <inheritdoc/>
    public void Run(int threads, Action<int> body)
    {
        Work work = _idle ?? new Work(this);
        _idle = null; // a body may run bodies
        try
        {
            // As many as libtorch asks for: a smaller team would end the threads that are left over, and libtorch would start them anew.
            work.Body = body;
            _parallel(&Invoke, work.Handle, (uint)Math.Max(threads, torch.get_num_threads()), 0);
            work.ThrowIfFailed();
        }
        finally
        {
            work.Body = null;
            _idle = work;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint work) => ((Work)GCHandle.FromIntPtr(work).Target!).Execute();

    /// <summary>What a team runs. An exception must not leave a thread of another library.</summary>
    private sealed class Work(OpenMPTeam team)
    {
        private GCHandle _handle;
        private Exception? _failure;

        ~Work()
        {
            if (_handle.IsAllocated)
            {
                _handle.Free();
            }
        }

        /// <summary>What each thread runs.</summary>
        public Action<int>? Body { get; set; }

        /// <summary>What <see cref="Invoke"/> takes, as long as somebody holds this object.</summary>
        public nint Handle
        {
            get
            {
                if (!_handle.IsAllocated)
                {
                    _handle = GCHandle.Alloc(this, GCHandleType.Weak);
                }

                return GCHandle.ToIntPtr(_handle);
            }
        }

        public void Execute()
        {
            try
            {
                Body!(team._number());
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is Exception failure)
            {
                _failure = null;
                throw new InvalidOperationException($"A kernel failed on one of libtorch's threads: {failure.Message}", failure);
            }
        }
    }
}
