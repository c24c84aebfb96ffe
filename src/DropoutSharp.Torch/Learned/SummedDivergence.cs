using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The summed divergence of a variational layer by the core's kernels, which give the gradients with it: one pass instead of some thirty.</summary>
/// <remarks>The gradients are numbers, not functions of the weights: a second derivative through the sum is 0.</remarks>
internal static unsafe class SummedDivergence
{
    /// <summary>Whether the kernels can go through the memory of these parameters.</summary>
    public static bool Fits(params ReadOnlySpan<Tensor> parameters)
    {
        foreach (Tensor parameter in parameters)
        {
            if (!TensorMemory.IsForKernels(parameter) || parameter.dtype != ScalarType.Float32 || !parameter.is_contiguous())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><see cref="LogUniformDivergence.Sigmoid(float*, float*, byte*, float*, float*, long)"/> with gradients for both parameters.</summary>
    public static Tensor Sigmoid(Tensor weight, Tensor logVariance, Tensor kept)
    {
        KernelThreads.Follow();
        using DisposeScope scope = NewDisposeScope();
        Tensor weightGradient = empty(TensorMemory.Shape(weight)), varianceGradient = empty(TensorMemory.Shape(weight));
        double sum = LogUniformDivergence.Sigmoid(
            Address(weight), Address(logVariance), (byte*)TensorMemory.Address(kept), Address(weightGradient), Address(varianceGradient), weight.numel());
        GC.KeepAlive(kept);
        return WithValue(sum, Product(weight, weightGradient).Plus(Product(logVariance, varianceGradient))).MoveToOuterDisposeScope();
    }

    /// <summary><see cref="LogUniformDivergence.Cubic(float*, byte*, float*, long)"/> with a gradient.</summary>
    public static Tensor Cubic(Tensor logAlpha, Tensor kept)
    {
        KernelThreads.Follow();
        using DisposeScope scope = NewDisposeScope();
        Tensor gradient = empty(TensorMemory.Shape(logAlpha));
        double sum = LogUniformDivergence.Cubic(Address(logAlpha), (byte*)TensorMemory.Address(kept), Address(gradient), logAlpha.numel());
        GC.KeepAlive(kept);
        return WithValue(sum, Product(logAlpha, gradient)).MoveToOuterDisposeScope();
    }

    /// <summary>A number whose gradient with respect to the parameter is the one given.</summary>
    private static Tensor Product(Tensor parameter, Tensor gradient) => parameter.reshape(-1).dot(gradient.reshape(-1));

    private static Tensor WithValue(double value, Tensor carrier) => carrier.Plus(carrier.detach(), -1).Plus(value);

    private static float* Address(Tensor tensor)
    {
        nint address = TensorMemory.Address(tensor);
        GC.KeepAlive(tensor);
        return (float*)address;
    }
}
