using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Tells of a tensor on the CPU whether nobody else can see its memory, so that a result may be written over it.</summary>
/// <remarks>
/// libtorch counts the holders of a tensor, and the tensors over a stretch of memory: each view, each tensor that the graph keeps and each handle is one. The counts are not in TorchSharp's interface; where they lie was
/// tried with the versions that <see cref="NativeAutograd.IsKnown"/> names, and is tried again with tensors of known counts in every process. Where that fails nothing passes for unshared.
/// </remarks>
internal static unsafe class UnsharedMemory
{
    private const int Count = 8;
    private const int Storage = 16;
    private const int StoredData = 16;

    private static readonly bool CanTell = NativeAutograd.IsKnown && CountsAreRight();

    /// <summary>Whether a tensor has so many holders, all known to the caller, and its memory belongs to no other tensor.</summary>
    /// <param name="tensor">A tensor in the CPU's memory.</param>
    /// <param name="holders">How many holders the caller knows, its own handle among them.</param>
    public static bool Is(Tensor tensor, int holders)
    {
        bool isUnshared = CanTell && HasHolders(tensor, holders, 1);
        GC.KeepAlive(tensor);
        return isUnshared;
    }

    private static bool HasHolders(Tensor tensor, int holders, int tensors)
    {
        nint body = *(nint*)tensor.Handle, storage = *(nint*)(body + Storage);
        return Volatile.Read(ref *(int*)(body + Count)) == holders && storage != 0 && Volatile.Read(ref *(int*)(storage + Count)) == tensors;
    }

    private static bool CountsAreRight()
    {
        using Tensor tensor = empty(4, ScalarType.Float32, CPU);
        nint storage = *(nint*)(*(nint*)tensor.Handle + Storage);
        if (storage == 0 || *(nint*)(storage + StoredData) != TensorMemory.Address(tensor) || !HasHolders(tensor, 1, 1))
        {
            return false;
        }

        using (Tensor same = tensor.contiguous())
        {
            if (!HasHolders(tensor, 2, 1))
            {
                return false;
            }
        }

        using (Tensor view = tensor.view(2, 2))
        {
            if (!HasHolders(view, 1, 2))
            {
                return false;
            }
        }

        return HasHolders(tensor, 1, 1);
    }
}
