using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Tensors whose memory is used again once libtorch has freed them.</summary>
/// <remarks>
/// libtorch asks the system for the memory of every large tensor anew and gives it back at once. A weight's gradient lives for one training step, so that each step pays for thousands of pages that the
/// system clears first, which takes longer than writing them. Here a block goes back to a small store when the last tensor over it is gone, whoever held it. Only blocks from 1 MiB on are kept,
/// and at most <see cref="MostBytes"/> wait at any time.
/// </remarks>
internal static unsafe partial class RecycledTensors
{
    private const string Library = LibtorchLoader.Library;
    private const long LeastBytes = 1 << 20;

    /// <summary>Blocks start at whole huge pages, where the system has them.</summary>
    private const nuint Alignment = 1 << 21;

    private static readonly ConcurrentDictionary<nint, long> Lent = new();
    private static readonly ConcurrentDictionary<long, ConcurrentBag<nint>> Free = new();
    private static long _waitingBytes;

    /// <summary>The most bytes that wait to be used again: 256 MiB.</summary>
    public static long MostBytes { get; } = 256L << 20;

    /// <summary>How many bytes wait to be used again.</summary>
    public static long FreeBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>A contiguous tensor on the CPU whose elements are not set.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Its element type: of 2, 4 or 8 bytes.</param>
    public static Tensor Empty(ReadOnlySpan<long> shape, ScalarType type)
    {
        long bytes = type switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 };
        foreach (long size in shape)
        {
            bytes = checked(bytes * size);
        }

        if (bytes < LeastBytes || !NativeAutograd.IsKnown)
        {
            return empty(shape, type, CPU);
        }

        bytes = SizeClass(bytes);
        nint block = Take(bytes);
        Lent[block] = bytes;
        nint handle;
        fixed (long* sizes = shape)
        {
            handle = NewTensor(block, &Return, sizes, shape.Length, (sbyte)type, (sbyte)type, 0, 0, false);
        }

        if (handle == 0)
        {
            Release(block);
            CheckForErrors();
        }

        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>Gives the memory that waits back to the system.</summary>
    public static void Clear()
    {
        foreach ((long bytes, ConcurrentBag<nint> blocks) in Free)
        {
            while (blocks.TryTake(out nint block))
            {
                Interlocked.Add(ref _waitingBytes, -bytes);
                NativeMemory.AlignedFree((void*)block);
            }
        }
    }

    /// <summary>Eight sizes to a factor of two, since the number of kept units changes from step to step.</summary>
    private static long SizeClass(long bytes)
    {
        long grain = (long)(System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + grain - 1) / grain * grain;
    }

    private static nint Take(long bytes)
    {
        if (Free.TryGetValue(bytes, out ConcurrentBag<nint>? bag) && bag.TryTake(out nint block))
        {
            Interlocked.Add(ref _waitingBytes, -bytes);
            return block;
        }

        nint fresh = (nint)NativeMemory.AlignedAlloc((nuint)bytes, bytes >= (long)Alignment ? Alignment : 64);
        if (OperatingSystem.IsLinux() && bytes >= (long)Alignment)
        {
            LargePages.Ask(fresh, bytes); // a matrix's rows lie on more small pages than a processor remembers
        }

        return fresh;
    }

    /// <summary>Called by libtorch, on any of its threads, when no tensor over a block is left.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Return(nint block) => Release(block);

    private static void Release(nint block)
    {
        if (!Lent.TryRemove(block, out long bytes) || Interlocked.Add(ref _waitingBytes, bytes) > MostBytes)
        {
            Interlocked.Add(ref _waitingBytes, -bytes);
            NativeMemory.AlignedFree((void*)block);
            return;
        }

        Free.GetOrAdd(bytes, static _ => []).Add(block);
    }

    [LibraryImport(Library, EntryPoint = "THSTensor_new")]
    private static partial nint NewTensor(
        nint data, delegate* unmanaged[Cdecl]<nint, void> deleter, long* sizes, int dimensions, sbyte type, sbyte wanted, int device, int deviceIndex,
        [MarshalAs(UnmanagedType.U1)] bool requiresGradient);
}
