using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A Bernoulli mask on a tensor, drawn from a position in the mask stream.</summary>
/// <param name="stream">The mask's position.</param>
/// <param name="dropRate">The probability that an element of the mask drops.</param>
/// <param name="law">What becomes of kept and dropped elements.</param>
/// <param name="maskShape">The mask's shape, which broadcasts to the input's; null where it is the input's.</param>
/// <param name="firstElement">The index, in the whole mask, of the mask's first element.</param>
internal sealed class MaskedNoise(MaskStream stream, DropRate dropRate, MaskLaw law, long[]? maskShape = null, long firstElement = 0) : TensorNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient =>
        law == law.Gradient ? this : new MaskedNoise(stream, dropRate, law.Gradient, maskShape, firstElement);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input)
    {
        if (TensorMemory.IsForKernels(input) && input.is_contiguous())
        {
            Tensor output = input.empty_like();
            Kernel(input, output);
            return output;
        }

        if (TensorMemory.IsForKernels(input) && !TensorMemory.IsDense(input))
        {
            Tensor copy = input.contiguous();
            Kernel(copy, copy);
            return copy;
        }

        // Another device, or a mask whose logical order is not that of the memory.
        using Tensor mask = MaskTensor(input);
        return MaskSelection.ApplyFast(mask, input, law);
    }

    /// <inheritdoc/>
    public override void ApplyInPlace(Tensor input)
    {
        if (TensorMemory.IsForKernels(input) && input.is_contiguous())
        {
            Kernel(input, input);
            return;
        }

        using Tensor mask = MaskTensor(input);
        MaskSelection.ApplyInPlace(mask, input, law);
    }

    /// <summary>The mask as a bool tensor of its own shape, on a device: true where an element is kept.</summary>
    public static unsafe Tensor MaskTensor(MaskStream stream, DropRate dropRate, long[] shape, long firstElement, Device device)
    {
        Tensor mask = empty(shape, ScalarType.Bool, CPU);
        KernelThreads.Follow();
        stream.FillKept((byte*)TensorMemory.Address(mask), mask.numel(), dropRate, firstElement);
        return device.type == DeviceType.CPU ? mask : mask.to(device, disposeAfter: true);
    }

    private Tensor MaskTensor(Tensor input) =>
        MaskTensor(stream, dropRate, maskShape ?? input.shape, firstElement, input.device);

    private void Kernel(Tensor input, Tensor output)
    {
        switch (input.dtype)
        {
            case ScalarType.Float32:
                Kernel<float>(input, output);
                break;
            case ScalarType.Float64:
                Kernel<double>(input, output);
                break;
            case ScalarType.Float16:
                Kernel<Half>(input, output);
                break;
            default:
                Kernel<BFloat16>(input, output);
                break;
        }
    }

    private unsafe void Kernel<T>(Tensor input, Tensor output)
        where T : unmanaged
    {
        KernelThreads.Follow();
        T* source = (T*)TensorMemory.Address(input), target = (T*)TensorMemory.Address(output);
        if (maskShape is null && law is { Offset: 0, Dropped: 0 })
        {
            DropoutPrimitives.Dropout(source, target, input.numel(), dropRate, law.Scale, stream, firstElement);
        }
        else
        {
            long[] shape = input.shape;
            DropoutPrimitives.Dropout(source, target, new MaskShape(shape, maskShape ?? shape), dropRate, law, stream, firstElement);
        }

        GC.KeepAlive(input);
        GC.KeepAlive(output);
    }
}
