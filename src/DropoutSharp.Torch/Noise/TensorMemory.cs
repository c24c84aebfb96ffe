using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The memory of tensors on the CPU.</summary>
internal static class TensorMemory
{
    /// <summary>Whether CPU tensors go the way of other devices' tensors; for tests.</summary>
    [ThreadStatic]
    internal static bool t_treatAsOtherDevice;

    /// <summary>Whether our kernels can work on a tensor: it lies in the CPU's memory.</summary>
    public static bool IsForKernels(Tensor tensor) => tensor.device_type == DeviceType.CPU && !t_treatAsOtherDevice;

    /// <summary>Where the memory of a CPU tensor starts. The tensor must be kept alive while the address is used.</summary>
    public static unsafe nint Address(Tensor tensor)
    {
        if (NativeAutograd.IsKnown)
        {
            return NativeAutograd.Data(tensor.Handle);
        }

        if (tensor.numel() == 0)
        {
            return 0;
        }

        using Tensor first = tensor.as_strided([1], [1], tensor.storage_offset()); // bytes of more than 2 GiB cannot be asked for
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>A new tensor of the same shape, type and strides, whose elements are not set.</summary>
    /// <remarks>Memory of so many bytes comes fresh from the system each time. Taken in large pages, it costs a five-hundredth of the interrupts.</remarks>
    public static Tensor NewLike(Tensor tensor)
    {
        Tensor result = tensor.empty_like();
        if (OperatingSystem.IsLinux() && result.numel() * result.ElementSize >= LargePages.LeastBytes)
        {
            LargePages.Ask(Address(result), result.numel() * result.ElementSize);
        }

        return result;
    }

    /// <summary>A tensor's shape: what <c>shape</c> gives, which allocates and pins more than it returns.</summary>
    public static long[] Shape(Tensor tensor)
    {
        long[] shape = new long[tensor.dim()];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = tensor.size(i);
        }

        return shape;
    }

    /// <summary>Whether the elements of a tensor fill a stretch of memory without gaps or overlaps, in whatever order.</summary>
    public static bool IsDense(Tensor tensor)
    {
        long[] shape = TensorMemory.Shape(tensor), strides = tensor.stride();
        long expected = 1;
        foreach (int dimension in Enumerable.Range(0, shape.Length).Where(d => shape[d] != 1).OrderBy(d => strides[d]))
        {
            if (strides[dimension] != expected)
            {
                return false;
            }

            expected *= shape[dimension];
        }

        return true;
    }
}
