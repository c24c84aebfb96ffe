using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Noise that is a kernel over contiguous memory on the CPU, and libtorch's own operations on other devices.</summary>
internal abstract class KernelNoise : TensorNoise
{
    /// <inheritdoc/>
    public sealed override Tensor Apply(Tensor input)
    {
        if (!TensorMemory.IsForKernels(input))
        {
            return ApplyByLibtorch(input);
        }

        if (input.is_contiguous())
        {
            Tensor output = input.empty_like();
            Run(input, output);
            return output;
        }

        Tensor copy = input.contiguous();
        Run(copy, copy);
        if (!TensorMemory.IsDense(input))
        {
            return copy;
        }

        using (copy)
        {
            return input.empty_like().copy_(copy); // in the order of the input's memory, such as channels last
        }
    }

    /// <inheritdoc/>
    public sealed override void ApplyInPlace(Tensor input)
    {
        if (TensorMemory.IsForKernels(input) && input.is_contiguous())
        {
            Run(input, input);
            return;
        }

        using Tensor result = Apply(input);
        input.copy_(result);
    }

    /// <summary>The same by libtorch's operations, in a new tensor.</summary>
    protected abstract Tensor ApplyByLibtorch(Tensor input);

    /// <summary>The kernel.</summary>
    protected abstract unsafe void Run<T>(T* x, T* destination, long length)
        where T : unmanaged;

    private void Run(Tensor input, Tensor output)
    {
        KernelThreads.Follow();
        switch (input.dtype)
        {
            case ScalarType.Float32:
                Run<float>(input, output);
                break;
            case ScalarType.Float64:
                Run<double>(input, output);
                break;
            case ScalarType.Float16:
                Run<Half>(input, output);
                break;
            default:
                Run<BFloat16>(input, output);
                break;
        }
    }

    private unsafe void Run<T>(Tensor input, Tensor output)
        where T : unmanaged
    {
        Run((T*)TensorMemory.Address(input), (T*)TensorMemory.Address(output), input.numel());
        GC.KeepAlive(input);
        GC.KeepAlive(output);
    }
}
