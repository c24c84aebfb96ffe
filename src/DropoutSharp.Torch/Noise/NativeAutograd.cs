using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>The functions of TorchSharp's native library that a node of the autograd graph is made of.</summary>
/// <remarks>
/// TorchSharp's own <c>SingleTensorFunction</c> calls the same ones, but keeps an output-sized tensor for each node and spends some 30 µs on it.
/// They are not its public interface: <see cref="IsKnown"/> is false for a version that they were not tried with, and then its public one is used.
/// </remarks>
internal static unsafe partial class NativeAutograd
{
    private const string Library = LibtorchLoader.Library;

    /// <summary>Whether these functions are as declared here.</summary>
    public static bool IsKnown { get; } = LibtorchRuntime.TorchSharpVersion.StartsWith("0.107.", StringComparison.Ordinal);

    /// <summary>Tensor handles, as the native library takes and gives them.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Handles
    {
        public nint* Array;
        public long Size;
    }

    /// <summary>A node's two handles: as long as the first exists the node does.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Node
    {
        public nint Shared;
        public nint Weak;
    }

    [LibraryImport(Library, EntryPoint = "THSTensor_data")]
    public static partial nint Data(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_ctor")]
    public static partial Node CreateNode(nint apply, nint deleted);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_setNextEdges")]
    public static partial void SetNextEdges(Node node, Handles inputs, [MarshalAs(UnmanagedType.U1)] bool isExecutable);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_disposeSharedPtr")]
    public static partial void DisposeShared(Node node);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_disposeWeakPtr")]
    public static partial void DisposeWeak(Node node);

    /// <summary>Keeps a tensor for a node's backward pass; libtorch refuses to give it back once it was changed in place.</summary>
    /// <param name="tensor">An input's handle, or that of the node's output within the graph.</param>
    /// <param name="node">The node.</param>
    /// <param name="isInPlaceOnView">Whether the output is a view that was changed in place; false for all of ours.</param>
    /// <returns>A handle of the kept tensor; 0 where libtorch refused.</returns>
    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_ctor")]
    public static partial nint Save(nint tensor, Node node, [MarshalAs(UnmanagedType.U1)] bool isInPlaceOnView);

    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_dispose")]
    public static partial void DisposeSaved(nint saved);

    /// <summary>The tensor that was kept, as a new handle; 0 where libtorch refused.</summary>
    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_unpack")]
    public static partial nint Unpack(nint saved, Node node);

    /// <summary>Makes an output of the node's the result of it in the graph.</summary>
    /// <param name="node">The node, with its edges set.</param>
    /// <param name="inputs">The inputs' handles.</param>
    /// <param name="output">The output's handle.</param>
    /// <param name="inPlace">Whether the output is the changed first and only input.</param>
    /// <returns>A handle of the output within the graph, the caller's to dispose; 0 where libtorch refused.</returns>
    public static nint WrapOutput(Node node, Handles inputs, nint output, bool inPlace)
    {
        nint result = 0;
        Wrap(node, inputs, new Handles { Array = &output, Size = 1 }, inPlace, &result);
        return result;
    }

    /// <summary>The same for a node of two outputs; one that is an input itself becomes a view of it.</summary>
    /// <param name="node">The node, with its edges set.</param>
    /// <param name="inputs">The inputs' handles.</param>
    /// <param name="first">The first output's handle.</param>
    /// <param name="second">The second output's handle.</param>
    /// <returns>Handles of both within the graph, the caller's to dispose; 0 where libtorch refused.</returns>
    public static (nint First, nint Second) WrapOutputs(Node node, Handles inputs, nint first, nint second)
    {
        nint* outputs = stackalloc nint[] { first, second }, results = stackalloc nint[] { 0, 0 };
        Wrap(node, inputs, new Handles { Array = outputs, Size = 2 }, inPlace: false, results);
        return (results[0], results[1]);
    }

    private static void Wrap(Node node, Handles inputs, Handles outputs, bool inPlace, nint* results)
    {
        Handles none = default, dirty = inPlace ? inputs : none;
        _result = results;
        WrapOutputs(inputs, none, dirty, outputs, node, &Allocate);
        _result = null;
    }

    [ThreadStatic]
    private static nint* _result;

    [LibraryImport(Library, EntryPoint = "THSAutograd_Function_wrapOutputs")]
    private static partial void WrapOutputs(
        Handles inputs, Handles nonDifferentiable, Handles dirty, Handles outputs, Node node, delegate* unmanaged[Cdecl]<nuint, nint*> allocate);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint* Allocate(nuint length) => _result;
}
