using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Which tensors the fused kernels take.</summary>
internal static class FusedTensors
{
    /// <summary>Whether an input and a bias of its columns are float32, contiguous and in the CPU's memory.</summary>
    public static bool Fit(Tensor input, Tensor? bias) =>
        NativeAutograd.IsKnown && !NoiseFunction.t_usePublicInterface && IsPlain(input)
        && (bias is null || (IsPlain(bias) && bias.dim() == 1 && bias.size(0) is > 0 and < int.MaxValue && input.dim() > 0 && input.size(-1) == bias.size(0)));

    /// <summary>Whether a tensor is float32, contiguous and in the CPU's memory.</summary>
    public static bool IsPlain(Tensor tensor) => tensor.dtype == ScalarType.Float32 && TensorMemory.IsForKernels(tensor) && tensor.is_contiguous();

    /// <summary>Where the elements of a tensor start; 0 for no tensor.</summary>
    public static unsafe float* Elements(Tensor? tensor) => tensor is null ? null : (float*)TensorMemory.Address(tensor);

    /// <summary>How many columns a bias has; 0 for none.</summary>
    public static int Columns(Tensor? bias) => bias is null ? 0 : (int)bias.size(0);

    /// <summary>Whether a result of tensors belongs into the graph.</summary>
    public static bool NeedGraph(Tensor input, Tensor? bias, Tensor? residual = null) =>
        is_grad_enabled() && (input.requires_grad || bias is { requires_grad: true } || residual is { requires_grad: true });

    /// <summary>The gradient of a bias: the sums of the input's gradient over all rows.</summary>
    public static Tensor BiasGradient(Tensor gradient)
    {
        using Tensor rows = gradient.reshape(-1, gradient.size(-1));
        return rows.sum(dim: 0);
    }

    /// <summary>Refuses a bias that does not belong to an input.</summary>
    /// <exception cref="ArgumentException">It has no column for each of the input's, or another type.</exception>
    public static void CheckBias(Tensor input, Tensor? bias)
    {
        if (bias is not null && (bias.dim() != 1 || input.dim() == 0 || bias.size(0) != input.size(-1) || bias.dtype != input.dtype))
        {
            throw new ArgumentException(
                $"Bias must have the input's type, {input.dtype}, and one element for each of its last dimension of shape [{string.Join(", ", input.shape)}]; received {bias.dtype} of shape [{string.Join(", ", bias.shape)}].",
                nameof(bias));
        }
    }
}
