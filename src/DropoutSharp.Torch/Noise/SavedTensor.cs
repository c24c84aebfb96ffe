using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A tensor that a node of the autograd graph keeps for its backward pass.</summary>
/// <remarks>It is libtorch's own kind of keeping: the node's output makes no circle, and a tensor that was changed in place since is refused.</remarks>
/// <param name="tensor">One of the node's inputs, or its output within the graph.</param>
/// <param name="node">The node.</param>
internal sealed class SavedTensor(Tensor tensor, NativeAutograd.Node node)
{
    private readonly nint _saved = Save(tensor, node);

    /// <summary>The tensor, as a new one of the caller's.</summary>
    public Tensor Unpack()
    {
        nint handle = NativeAutograd.Unpack(_saved, node);
        CheckForErrors();
        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>The same; null where the tensor was changed in place. For nodes with a <see cref="ChangeWatch"/>, whose caller learns of the change from that.</summary>
    public Tensor? UnpackUnchanged()
    {
        try
        {
            return Unpack();
        }
        catch (ExternalException exception) when (exception.Message.Contains("modified by an inplace operation", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Lets the tensor go.</summary>
    public void Release() => NativeAutograd.DisposeSaved(_saved);

    private static nint Save(Tensor tensor, NativeAutograd.Node node)
    {
        nint saved = NativeAutograd.Save(tensor.Handle, node, false);
        CheckForErrors();
        GC.KeepAlive(tensor);
        return saved;
    }
}
