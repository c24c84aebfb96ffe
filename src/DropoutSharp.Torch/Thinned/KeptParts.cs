using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes kept parts out of a tensor, so that autograd knows it: the gradient of what is not kept is zero.</summary>
/// <remarks>The result is flat, part after part. One node of the graph serves all parts, and the whole gradient is written once.</remarks>
/// <param name="parts">The parts, all of matrices of the tensor's size.</param>
/// <param name="shape">The tensor's shape.</param>
/// <param name="scale">What the elements are multiplied with on the way; other than 1 for 32- and 64-bit numbers in the CPU's memory only.</param>
/// <param name="receiver">Takes the parts' gradients as they are; the tensor itself then gets none. Null where it gets a whole one.</param>
internal sealed class KeptParts(Submatrix[] parts, long[] shape, double scale = 1, KeptGradients? receiver = null) : TensorNoise
{
    /// <summary>How many elements all parts have.</summary>
    public long Length { get; } = parts.Sum(static part => part.Length);

    /// <summary>What puts the parts back into a tensor of zeros.</summary>
    public override TensorNoise Gradient => new Whole(this);

    /// <inheritdoc/>
    public override bool TryKeepGradient(Tensor gradient)
    {
        receiver?.Add(parts, scale, gradient);
        return receiver is not null;
    }

    /// <summary>The one part of a tensor, in its own shape, times a factor.</summary>
    public static Tensor Take(Tensor tensor, Submatrix part, long[] partShape, double scale = 1) =>
        NoiseFunction.Apply(new KeptParts([part], TensorMemory.Shape(tensor), scale), tensor).reshape(partShape);

    /// <summary>A tensor with zeros where a part does not lie.</summary>
    public static Tensor PutBack(Tensor values, Submatrix part, long[] shape) =>
        NoiseFunction.Apply(new KeptParts([part], shape).Gradient, values.reshape(-1));

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input)
    {
        if (!TensorMemory.IsForKernels(input))
        {
            return TakeByLibtorch(input);
        }

        using Tensor source = input.contiguous();
        Tensor output = RecycledTensors.Empty([Length], input.dtype);
        KernelThreads.Follow();
        switch (input.ElementSize)
        {
            case 4 when scale != 1:
                GatherScaled(source, output, (float)scale);
                break;
            case 8 when scale != 1:
                GatherScaled(source, output, scale);
                break;
            case 2:
                Gather<ushort>(source, output);
                break;
            case 4:
                Gather<uint>(source, output);
                break;
            default:
                Gather<ulong>(source, output);
                break;
        }

        return output;
    }

    /// <inheritdoc/>
    public override void ApplyInPlace(Tensor input) => throw new InvalidOperationException("A part of a tensor does not fit into the tensor's place.");

    private unsafe void Gather<T>(Tensor source, Tensor output)
        where T : unmanaged
    {
        T* from = (T*)TensorMemory.Address(source), to = (T*)TensorMemory.Address(output);
        foreach (Submatrix part in parts)
        {
            part.Gather(from, to);
            to += part.Length;
        }

        GC.KeepAlive(source);
        GC.KeepAlive(output);
    }

    private unsafe void GatherScaled<T>(Tensor source, Tensor output, T factor)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T* from = (T*)TensorMemory.Address(source), to = (T*)TensorMemory.Address(output);
        foreach (Submatrix part in parts)
        {
            part.GatherScaled(from, factor, to);
            to += part.Length;
        }

        GC.KeepAlive(source);
        GC.KeepAlive(output);
    }

    private Tensor TakeByLibtorch(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> taken = [];
        foreach (Submatrix part in parts)
        {
            Tensor matrix = input.reshape(part.Rows, part.Columns, part.Run);
            matrix = part.KeptRowIndices is null ? matrix : matrix.index_select(0, Indices(part.KeptRowIndices, input.device));
            matrix = part.KeptColumnIndices is null ? matrix : matrix.index_select(1, Indices(part.KeptColumnIndices, input.device));
            taken.Add(matrix.reshape(-1));
        }

        return cat(taken).MoveToOuterDisposeScope();
    }

    private static Tensor Indices(IReadOnlyList<int> indices, Device device) => tensor([.. indices], ScalarType.Int64).to(device);

    /// <summary>The way back.</summary>
    private sealed class Whole(KeptParts taken) : TensorNoise
    {
        private readonly KeptParts _taken = taken;

        public override TensorNoise Gradient => _taken;

        public override Tensor Apply(Tensor input) => _taken.Put(input);

        public override void ApplyInPlace(Tensor input) => throw new InvalidOperationException("A tensor does not fit into the place of its parts.");
    }

    private Tensor Put(Tensor input)
    {
        if (!TensorMemory.IsForKernels(input) || (parts.Length > 1 && input.ElementSize == 2))
        {
            return PutByLibtorch(input);
        }

        using TorchSharp.Scalar factor = scale;
        using Tensor source = scale == 1 ? input.contiguous() : input.mul(factor);
        Tensor output = RecycledTensors.Empty(shape, input.dtype);
        KernelThreads.Follow();
        switch (input.dtype)
        {
            case ScalarType.Float32:
                Scatter<float>(source, output);
                break;
            case ScalarType.Float64:
                Scatter<double>(source, output);
                break;
            default:
                Scatter<ushort>(source, output);
                break;
        }

        return output;
    }

    private unsafe void Scatter<T>(Tensor source, Tensor output)
        where T : unmanaged
    {
        Submatrix.Scatter(parts, (T*)TensorMemory.Address(source), (T*)TensorMemory.Address(output));
        GC.KeepAlive(source);
        GC.KeepAlive(output);
    }

    private Tensor PutByLibtorch(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Submatrix size = parts[0];
        Tensor whole = zeros([size.Rows, size.Columns, size.Run], input.dtype, input.device);
        Tensor flat = input.reshape(-1);
        long start = 0;
        foreach (Submatrix part in parts)
        {
            Tensor values = flat.narrow(0, start, part.Length).reshape(part.KeptRows, part.KeptColumns, part.Run);
            start += part.Length;
            if (part.KeptColumnIndices is not null)
            {
                values = zeros([part.KeptRows, part.Columns, part.Run], input.dtype, input.device).index_copy_(1, Indices(part.KeptColumnIndices, input.device), values);
            }

            whole = part.KeptRowIndices is null ? whole.Increase(values) : whole.index_add_(0, Indices(part.KeptRowIndices, input.device), values, 1);
        }

        return whole.reshape(shape).MoveToOuterDisposeScope();
    }
}
