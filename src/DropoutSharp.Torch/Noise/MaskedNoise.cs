using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A Bernoulli mask on a tensor, drawn from a position in the mask stream.</summary>
/// <param name="stream">The mask's position.</param>
/// <param name="dropRate">The probability that an element of the mask drops.</param>
/// <param name="law">What becomes of kept and dropped elements.</param>
/// <param name="maskShape">The mask's shape, which broadcasts to the input's; null where it is the input's.</param>
/// <param name="firstElement">The index, in the whole mask, of the mask's first element.</param>
internal sealed class MaskedNoise(MaskStream stream, DropRate dropRate, MaskLaw law, long[]? maskShape = null, long firstElement = 0) : KernelNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient =>
        law == law.Gradient ? this : new MaskedNoise(stream, dropRate, law.Gradient, maskShape, firstElement);

    /// <summary>The mask as a bool tensor of its own shape, on a device: true where an element is kept.</summary>
    public static unsafe Tensor MaskTensor(MaskStream stream, DropRate dropRate, long[] shape, long firstElement, Device device)
    {
        Tensor mask = empty(shape, ScalarType.Bool, CPU);
        KernelThreads.Follow();
        stream.FillKept((byte*)TensorMemory.Address(mask), mask.numel(), dropRate, firstElement);
        return device.type == DeviceType.CPU ? mask : mask.to(device, disposeAfter: true);
    }

    /// <inheritdoc/>
    /// <remarks>Memory in another order than the logical one will do where the mask's elements have the same order in both: a mask a channel on maps with channels last.</remarks>
    protected override bool Fits(Tensor input) => input.is_contiguous() || (maskShape is not null && MemoryOrder(input, maskShape) is not null);

    /// <inheritdoc/>
    protected override Tensor ApplyByLibtorch(Tensor input) => ApplyStrided(input);

    /// <inheritdoc/>
    protected override Tensor ApplyStrided(Tensor input)
    {
        using Tensor mask = MaskTensor(stream, dropRate, maskShape ?? TensorMemory.Shape(input), firstElement, input.device);
        return MaskSelection.ApplyFast(mask, input, law);
    }

    /// <inheritdoc/>
    protected override unsafe void Run<T>(T* x, T* destination, Tensor input)
    {
        if (maskShape is null && law is { Offset: 0, Dropped: 0 })
        {
            DropoutPrimitives.Dropout(x, destination, input.numel(), dropRate, law.Scale, stream, firstElement);
            return;
        }

        long[] shape = TensorMemory.Shape(input), own = maskShape ?? shape;
        if (!input.is_contiguous() && MemoryOrder(input, own) is int[] order)
        {
            (shape, own) = ([.. order.Select(dimension => shape[dimension])], [.. order.Select(dimension => own[dimension])]);
        }

        DropoutPrimitives.Dropout(x, destination, new MaskShape(shape, own), dropRate, law, stream, firstElement);
    }

    /// <summary>The dimensions in the order of a dense tensor's memory, if the mask's own ones keep their order in it; else null.</summary>
    private static int[]? MemoryOrder(Tensor input, long[] maskShape)
    {
        if (maskShape.Length != input.dim() || !TensorMemory.IsDense(input))
        {
            return null;
        }

        long[] strides = input.stride();
        int[] order = [.. Enumerable.Range(0, strides.Length).OrderByDescending(dimension => strides[dimension])];
        int[] own = [.. order.Where(dimension => maskShape[dimension] != 1)];
        return own.Order().SequenceEqual(own) ? order : null;
    }
}
