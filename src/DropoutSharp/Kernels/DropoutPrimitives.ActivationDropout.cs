namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Bias, activation and dropout in one pass over the memory: <c>destination[i] = kept(firstElement + i) ? activation(x[i] + bias[i mod bias.Length]) / keep : +0</c>.</summary>
    /// <param name="x">The source: rows of as many columns as the bias has, one after the other.</param>
    /// <param name="bias">What is added to the columns; empty for nothing.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">The destination is too short or overlaps the source in part, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The activation is none of its enumeration's, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// The mask is that of <see cref="Dropout{T}(ReadOnlySpan{T}, Span{T}, DropRate, MaskStream, long)"/>. With <see cref="FusedActivation.Identity"/> and <see cref="FusedActivation.Relu"/> the result is that of the
    /// three operations one after the other, bit for bit. Dropped elements are selected away: a dropped NaN leaves +0, a kept one stays.
    /// </remarks>
    public static unsafe void ActivationDropout(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> bias,
        FusedActivation activation,
        Span<float> destination,
        DropRate dropRate,
        MaskStream stream,
        long firstElement = 0)
    {
        CheckDestination(x, destination);
        fixed (float* source = x, columns = bias, target = destination)
        {
            ActivationDropout(source, columns, bias.Length, activation, target, x.Length, dropRate, dropRate.InvertedScale, stream, firstElement);
        }
    }

    /// <summary>Bias, activation and dropout over native memory, of any length.</summary>
    /// <param name="x">The first element of the source.</param>
    /// <param name="bias">The first column's bias; null where there is none.</param>
    /// <param name="columns">How many columns there are; 0 for no bias.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from it.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the number of columns is negative, the activation is none of its enumeration's, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void ActivationDropout(
        float* x,
        float* bias,
        int columns,
        FusedActivation activation,
        float* destination,
        long length,
        DropRate dropRate,
        double scale,
        MaskStream stream,
        long firstElement = 0)
    {
        CheckElements(length, firstElement);
        CheckOverlap(x, destination, length);
        CheckColumns(columns, length);
        CheckActivation(activation);
        FusedKernels.Forward(activation, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, VectorWidths.Best);
    }

    /// <summary>The backward pass of bias, activation and dropout in one pass over the memory: <c>destination[i] = kept(firstElement + i) ? gradient[i] / keep · activation′(x[i] + bias[i mod bias.Length]) : +0</c>.</summary>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="x">The forward pass's source.</param>
    /// <param name="bias">The forward pass's bias; empty for none.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">Receives the gradient of the source, whose sums over the rows are the bias's; the memory of <paramref name="gradient"/> or of <paramref name="x"/>, or apart from both.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">Lengths differ, the destination is too short or overlaps a source in part, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The activation is none of its enumeration's, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>For ReLU <see cref="ReluDropoutGradient(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, DropRate)"/> needs neither the source nor the mask.</remarks>
    public static unsafe void ActivationDropoutGradient(
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> bias,
        FusedActivation activation,
        Span<float> destination,
        DropRate dropRate,
        MaskStream stream,
        long firstElement = 0)
    {
        CheckLengths(gradient, x);
        CheckDestination(x, destination);
        fixed (float* upstream = gradient, source = x, columns = bias, target = destination)
        {
            ActivationDropoutGradient(
                upstream, source, columns, bias.Length, activation, target, x.Length, dropRate, dropRate.InvertedScale, stream, firstElement);
        }
    }

    /// <summary>The backward pass of bias, activation and dropout over native memory, of any length.</summary>
    /// <param name="gradient">The first element of the output's gradient.</param>
    /// <param name="x">The first element of the forward pass's source.</param>
    /// <param name="bias">The first column's bias; null where there is none.</param>
    /// <param name="columns">How many columns there are; 0 for no bias.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">The first element of the result: a source itself, or memory apart from both.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="scale">What a kept element was multiplied with.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps a source in part, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the number of columns is negative, the activation is none of its enumeration's, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void ActivationDropoutGradient(
        float* gradient,
        float* x,
        float* bias,
        int columns,
        FusedActivation activation,
        float* destination,
        long length,
        DropRate dropRate,
        double scale,
        MaskStream stream,
        long firstElement = 0)
    {
        CheckElements(length, firstElement);
        CheckOverlap(gradient, destination, length);
        CheckOverlap(x, destination, length);
        CheckColumns(columns, length);
        CheckActivation(activation);
        FusedKernels.Gradient(activation, gradient, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, VectorWidths.Best);
    }

    /// <summary>The backward pass of ReLU and dropout by the forward pass's result: <c>destination[i] = output[i] > 0 ? gradient[i] / keep : +0</c>.</summary>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="output">What the forward pass gave, with or without a bias.</param>
    /// <param name="destination">Receives the gradient of the source; the memory of <paramref name="gradient"/> or of <paramref name="output"/>, or apart from both.</param>
    /// <param name="dropRate">The forward pass's drop rate.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the destination is too short or overlaps a source in part.</exception>
    /// <remarks>What is above zero was kept, so that no mask is drawn again and nothing is kept that the next layer does not keep anyway. Where the output is NaN the gradient passes, as it does through libtorch's ReLU.</remarks>
    public static unsafe void ReluDropoutGradient(ReadOnlySpan<float> gradient, ReadOnlySpan<float> output, Span<float> destination, DropRate dropRate)
    {
        CheckLengths(gradient, output);
        CheckDestination(output, destination);
        fixed (float* upstream = gradient, result = output, target = destination)
        {
            ReluDropoutGradient(upstream, result, target, output.Length, dropRate.InvertedScale);
        }
    }

    /// <summary>The backward pass of ReLU and dropout over native memory, of any length.</summary>
    /// <param name="gradient">The first element of the output's gradient.</param>
    /// <param name="output">The first element of what the forward pass gave.</param>
    /// <param name="destination">The first element of the result: a source itself, or memory apart from both.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="scale">What a kept element was multiplied with; above 0.</param>
    /// <exception cref="ArgumentException">The destination overlaps a source in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void ReluDropoutGradient(float* gradient, float* output, float* destination, long length, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        CheckOverlap(gradient, destination, length);
        CheckOverlap(output, destination, length);
        FusedKernels.ReluGradient(gradient, output, destination, length, scale, VectorWidths.Best);
    }

    private static void CheckLengths(ReadOnlySpan<float> gradient, ReadOnlySpan<float> other)
    {
        if (gradient.Length != other.Length)
        {
            throw new ArgumentException($"Gradient must have as many elements as the tensor that it belongs to, {other.Length}; received {gradient.Length}.", nameof(gradient));
        }
    }

    private static void CheckColumns(int columns, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (columns > 0 && length % columns != 0)
        {
            throw new ArgumentException($"Elements must be whole rows of the bias's {columns} columns; received {length} elements.");
        }
    }

    private static void CheckActivation(FusedActivation activation)
    {
        if (activation is < FusedActivation.Identity or > FusedActivation.Silu)
        {
            throw new ArgumentOutOfRangeException(
                nameof(activation), activation, $"Activation must be Identity, Relu, Gelu, GeluTanh or Silu; received {activation}.");
        }
    }
}
