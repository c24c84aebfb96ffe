using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A mask that exists as a tensor, on a tensor: <c>mask ? Scale·input + Offset : Dropped</c>.</summary>
/// <remarks>It is a selection: what was dropped leaves nothing, NaN neither.</remarks>
internal static class MaskSelection
{
    /// <summary>By libtorch's own operations: on any device, known to autograd.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor on the mask's device.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    /// <returns>A new tensor with the input's type and strides.</returns>
    public static Tensor Apply(Tensor mask, Tensor input, MaskLaw law)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar dropped = law.Dropped;

        // Two operations would round twice in 16 bits. The product is a new tensor with the input's strides, which masked_fill would not keep.
        bool widens = law.Offset != 0 && input.ElementSize == 2;
        Tensor result = (widens ? input.to(ScalarType.Float32) : input).Times(law.Scale);
        result = law.Offset == 0 ? result : result.Increase(law.Offset);
        result = widens ? result.to(input.dtype) : result;
        return result.masked_fill_(mask.logical_not(), dropped).MoveToOuterDisposeScope();
    }

    /// <summary>Outside the graph: by our kernel where the input is in the CPU's memory, with any strides.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor on the mask's device.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    /// <returns>A new tensor with the input's type and, where those are dense, strides.</returns>
    public static Tensor ApplyFast(Tensor mask, Tensor input, MaskLaw law)
    {
        if (!TensorMemory.IsForKernels(input))
        {
            return Apply(mask, input, law);
        }

        if (TensorMemory.IsDense(input))
        {
            Tensor output = TensorMemory.NewLike(input);
            Kernel(mask, input, output, law);
            return output;
        }

        Tensor copy = input.contiguous();
        Kernel(mask, copy, copy, law);
        return copy;
    }

    /// <summary>In the input's own memory.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor on the mask's device.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    public static void ApplyInPlace(Tensor mask, Tensor input, MaskLaw law)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar scale = law.Scale, dropped = law.Dropped;
        if (law.Offset != 0 && input.ElementSize == 2)
        {
            input.copy_(Apply(mask, input, law));
            return;
        }

        input.mul_(scale);
        if (law.Offset != 0)
        {
            input.Increase(law.Offset);
        }

        input.masked_fill_(mask.logical_not(), dropped);
    }

    private static void Kernel(Tensor mask, Tensor input, Tensor output, MaskLaw law)
    {
        // The mask's elements are brought into the order of the input's memory.
        using Tensor ordered = empty_strided(TensorMemory.Shape(input), input.stride(), ScalarType.Bool, CPU);
        using Tensor expanded = mask.expand(TensorMemory.Shape(input));
        ordered.copy_(expanded);
        KernelThreads.Follow();
        switch (input.dtype)
        {
            case ScalarType.Float32:
                Kernel<float>(ordered, input, output, law);
                break;
            case ScalarType.Float64:
                Kernel<double>(ordered, input, output, law);
                break;
            case ScalarType.Float16:
                Kernel<Half>(ordered, input, output, law);
                break;
            default:
                Kernel<BFloat16>(ordered, input, output, law);
                break;
        }
    }

    private static unsafe void Kernel<T>(Tensor mask, Tensor input, Tensor output, MaskLaw law)
        where T : unmanaged
    {
        DropoutPrimitives.Select(
            (T*)TensorMemory.Address(input), (byte*)TensorMemory.Address(mask), (T*)TensorMemory.Address(output), input.numel(), law);
        GC.KeepAlive(input);
        GC.KeepAlive(output);
    }
}
