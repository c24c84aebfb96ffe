using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Noise that is a floating-point tensor, applied by libtorch's operations: in float32 (float64 for float64), rounded once.</summary>
internal static class FloatingNoise
{
    /// <summary>The type that noise for a tensor has: float64 for float64, otherwise float32.</summary>
    public static ScalarType TypeFor(Tensor input) => input.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The product, in the input's type.</summary>
    public static Tensor Multiply(Tensor input, Tensor factors)
    {
        using DisposeScope scope = NewDisposeScope();
        return (input.to(TypeFor(input)) * factors).to(input.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The sum, in the input's type.</summary>
    public static Tensor Add(Tensor input, Tensor summands)
    {
        using DisposeScope scope = NewDisposeScope();
        return input.to(TypeFor(input)).Plus(summands).to(input.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Noise that the caller gave, checked and brought to the input's device and precision.</summary>
    /// <exception cref="ArgumentException">It is no floating-point tensor or does not broadcast to the input.</exception>
    public static Tensor Given(Tensor noise, Tensor input)
    {
        if (!noise.is_floating_point())
        {
            throw new ArgumentException($"Noise must be a floating-point tensor; received {noise.dtype}.", nameof(noise));
        }

        GivenMask.CheckBroadcasts(noise, input);
        return noise.to(TypeFor(input), input.device);
    }

    /// <summary>Draws with the kernels, even where tensors are sent the way of other devices.</summary>
    public static Tensor OnCpu(Func<Tensor> draw)
    {
        bool before = TensorMemory.t_treatAsOtherDevice;
        TensorMemory.t_treatAsOtherDevice = false;
        try
        {
            return draw();
        }
        finally
        {
            TensorMemory.t_treatAsOtherDevice = before;
        }
    }
}
