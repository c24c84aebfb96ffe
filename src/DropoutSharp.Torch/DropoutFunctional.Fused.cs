using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class DropoutFunctional
{
    /// <summary>Bias, activation and dropout in one pass over the memory, forward and backward: <c>dropout(activation(input.Plus(bias)))</c>.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides, usually a matrix product without its bias.</param>
    /// <param name="bias">One element for each of the input's last dimension, of its type; null for none.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: the same elements are dropped as by <see cref="dropout(Tensor, DropRate, MaskStream, bool, bool, long)"/>.</param>
    /// <param name="training">Whether anything is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the input's first element.</param>
    /// <returns>A tensor of the same shape, type and device.</returns>
    /// <exception cref="ArgumentException">The element type is another, or the bias does not belong to the input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The activation is none of its enumeration's, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// The fused pass takes contiguous float32 tensors in the CPU's memory; others, and what is not dropped, are computed by one operation after the other. The results are equal: for the identity and ReLU bit for bit, for the others
    /// to rounding. For the backward pass ReLU keeps its result, which the next layer keeps anyway, and the others what the activation is taken of. A dropped NaN leaves +0 and a gradient of 0, a kept one stays.
    /// </remarks>
    public static Tensor bias_activation_dropout(
        Tensor input, Tensor? bias, FusedActivation activation, DropRate dropRate, MaskStream stream, bool training = true, long firstElement = 0)
    {
        Check(input, bias, firstElement);
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(activation), activation, $"Activation must be Identity, Relu, Gelu, GeluTanh or Silu; received {activation}.");
        }

        bool drops = training && !dropRate.KeepsAll;
        return drops && FusedTensors.Fit(input, bias)
            ? ActivationDropoutNode.Apply(input, bias, activation, dropRate, dropRate.InvertedScale, stream, firstElement)
            : ActivationThenDropout(input, bias, activation, drops ? new MaskedNoise(stream, dropRate, new MaskLaw(dropRate.InvertedScale), firstElement: firstElement) : null);
    }

    /// <summary>Dropout and the sum with a residual in one pass over the memory: <c>residual + dropout(input)</c>.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides: the output of a residual branch.</param>
    /// <param name="residual">What it is added to; broadcasts with it.</param>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: the same elements are dropped as by <see cref="dropout(Tensor, DropRate, MaskStream, bool, bool, long)"/>.</param>
    /// <param name="training">Whether anything is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the input's first element.</param>
    /// <exception cref="ArgumentException">The element type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks><see cref="bias_dropout_add"/> without a bias.</remarks>
    public static Tensor dropout_add(Tensor input, Tensor residual, DropRate dropRate, MaskStream stream, bool training = true, long firstElement = 0) =>
        bias_dropout_add(input, null, residual, dropRate, stream, training, firstElement);

    /// <summary>Bias, dropout and the sum with a residual in one pass over the memory: <c>residual + dropout(input.Plus(bias))</c>.</summary>
    /// <param name="input">A float16, bfloat16, float32 or float64 tensor of any shape and strides: the output of a residual branch without its last bias.</param>
    /// <param name="bias">One element for each of the input's last dimension, of its type; null for none.</param>
    /// <param name="residual">What it is added to; broadcasts with it.</param>
    /// <param name="dropRate">The probability that an element is dropped, in [0, 1].</param>
    /// <param name="stream">The position of the mask: the same elements are dropped as by <see cref="dropout(Tensor, DropRate, MaskStream, bool, bool, long)"/>.</param>
    /// <param name="training">Whether anything is dropped.</param>
    /// <param name="firstElement">The index, in the whole mask, of the input's first element.</param>
    /// <exception cref="ArgumentException">The element type is another, or the bias does not belong to the input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// The fused pass takes contiguous float32 tensors of one shape in the CPU's memory; others, and what is not dropped, are computed by one operation after the other. The results are equal bit for bit. Nothing is kept for the backward pass but
    /// where the mask lies.
    /// </remarks>
    public static Tensor bias_dropout_add(
        Tensor input, Tensor? bias, Tensor residual, DropRate dropRate, MaskStream stream, bool training = true, long firstElement = 0)
    {
        Check(input, bias, firstElement);
        ArgumentNullException.ThrowIfNull(residual);
        bool drops = training && !dropRate.KeepsAll;
        return drops && FusedTensors.Fit(input, bias) && FusedTensors.IsPlain(residual) && TensorMemory.Shape(residual).AsSpan().SequenceEqual(TensorMemory.Shape(input))
            ? DropoutAddNode.Apply(input, bias, residual, dropRate, dropRate.InvertedScale, stream, firstElement)
            : DropoutThenAdd(input, bias, residual, drops ? new MaskedNoise(stream, dropRate, new MaskLaw(dropRate.InvertedScale), firstElement: firstElement) : null);
    }

    private static Tensor ActivationThenDropout(Tensor input, Tensor? bias, FusedActivation activation, TensorNoise? noise)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor activated = ActivationFunctions.Value(activation, bias is null ? input : input.Plus(bias));
        return (noise is null ? activated : NoiseFunction.Apply(noise, activated)).MoveToOuterDisposeScope();
    }

    private static Tensor DropoutThenAdd(Tensor input, Tensor? bias, Tensor residual, TensorNoise? noise)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor biased = bias is null ? input : input.Plus(bias);
        return residual.Plus(noise is null ? biased : NoiseFunction.Apply(noise, biased)).MoveToOuterDisposeScope();
    }

    private static void Check(Tensor input, Tensor? bias, long firstElement)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        FusedTensors.CheckBias(input, bias);
        if (firstElement < 0 || firstElement > MaskStream.MaxElements - input.numel())
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstElement), firstElement, $"Elements must lie in [0, 2^62); received {input.numel()} from {firstElement}.");
        }
    }
}
