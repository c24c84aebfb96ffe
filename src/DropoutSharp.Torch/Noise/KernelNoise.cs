using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Noise that is a kernel over the CPU's memory, and libtorch's own operations on other devices.</summary>
internal abstract class KernelNoise : TensorNoise
{
    /// <inheritdoc/>
    public sealed override Tensor Apply(Tensor input)
    {
        if (!TensorMemory.IsForKernels(input))
        {
            return ApplyByLibtorch(input);
        }

        if (Fits(input))
        {
            Tensor output = TensorMemory.NewLike(input);
            Run(input, output);
            return output;
        }

        if (TensorMemory.IsDense(input))
        {
            return ApplyStrided(input);
        }

        Tensor copy = input.contiguous();
        if (!Fits(copy))
        {
            using (copy)
            {
                return ApplyStrided(copy);
            }
        }

        Run(copy, copy);
        return copy;
    }

    /// <inheritdoc/>
    public sealed override void ApplyInPlace(Tensor input)
    {
        if (IsInPlace(input))
        {
            Run(input, input);
            return;
        }

        using Tensor result = Apply(input);
        input.copy_(result);
    }

    /// <summary>Applies it to an input on the CPU and writes contiguous memory.</summary>
    public void Apply(Tensor input, Tensor output)
    {
        using Tensor source = input.contiguous();
        Run(source, output);
    }

    /// <inheritdoc/>
    protected sealed override bool IsInPlace(Tensor input) => TensorMemory.IsForKernels(input) && Fits(input);

    /// <summary>Whether the kernel can go through a tensor's memory as it lies.</summary>
    /// <param name="input">A tensor in the CPU's memory.</param>
    protected virtual bool Fits(Tensor input) => input.is_contiguous();

    /// <summary>The same by libtorch's operations, in a new tensor.</summary>
    protected abstract Tensor ApplyByLibtorch(Tensor input);

    /// <summary>The same for a dense tensor whose memory the kernel cannot go through, in a new tensor with its strides, such as channels last.</summary>
    protected virtual Tensor ApplyStrided(Tensor input)
    {
        using Tensor copy = input.contiguous();
        Run(copy, copy);
        return TensorMemory.NewLike(input).copy_(copy);
    }

    /// <summary>The kernel.</summary>
    /// <param name="x">The source's memory.</param>
    /// <param name="destination">The result's memory, in the same order.</param>
    /// <param name="input">The source.</param>
    protected abstract unsafe void Run<T>(T* x, T* destination, Tensor input)
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
        Run((T*)TensorMemory.Address(input), (T*)TensorMemory.Address(output), input);
        GC.KeepAlive(input);
        GC.KeepAlive(output);
    }
}
