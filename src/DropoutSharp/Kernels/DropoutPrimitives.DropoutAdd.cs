namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Bias, dropout and the sum with a residual in one pass over the memory: <c>destination[i] = residual[i] + (kept(firstElement + i) ? (x[i] + bias[i mod bias.Length]) / keep : +0)</c>.</summary>
    /// <param name="x">The source: rows of as many columns as the bias has, one after the other.</param>
    /// <param name="bias">What is added to the columns; empty for nothing.</param>
    /// <param name="residual">What the result is added to; as long as <paramref name="x"/>.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, either the same memory or apart, and apart from <paramref name="residual"/>.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element of <paramref name="x"/>; not negative.</param>
    /// <exception cref="ArgumentException">Lengths differ, the destination is too short or overlaps a source as it must not, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// The result is that of the operations one after the other, bit for bit. Where an element is dropped the residual is left, whatever the source held. The gradient of the residual is that of the output, and the gradient of
    /// the source is its <see cref="Dropout{T}(ReadOnlySpan{T}, Span{T}, DropRate, MaskStream, long)"/>.
    /// </remarks>
    public static unsafe void DropoutAdd(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<float> residual,
        Span<float> destination,
        DropRate dropRate,
        MaskStream stream,
        long firstElement = 0)
    {
        if (residual.Length != x.Length)
        {
            throw new ArgumentException($"Residual must have as many elements as the source, {x.Length}; received {residual.Length}.", nameof(residual));
        }

        CheckDestination(x, destination);
        fixed (float* source = x, columns = bias, other = residual, target = destination)
        {
            DropoutAdd(source, columns, bias.Length, other, target, x.Length, dropRate, dropRate.InvertedScale, stream, firstElement);
        }
    }

    /// <summary>Bias, dropout and the sum with a residual over native memory, of any length.</summary>
    /// <param name="x">The first element of the source.</param>
    /// <param name="bias">The first column's bias; null where there is none.</param>
    /// <param name="columns">How many columns there are; 0 for no bias.</param>
    /// <param name="residual">The first element of what the result is added to.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from it; apart from <paramref name="residual"/>.</param>
    /// <param name="length">How many elements there are; may be above 2³¹.</param>
    /// <param name="dropRate">The probability that an element is dropped.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part or the residual at all, or the source is no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the number of columns is negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>As the form over spans. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void DropoutAdd(
        float* x,
        float* bias,
        int columns,
        float* residual,
        float* destination,
        long length,
        DropRate dropRate,
        double scale,
        MaskStream stream,
        long firstElement = 0)
    {
        CheckElements(length, firstElement);
        CheckOverlap(x, destination, length);
        CheckOverlap(residual, destination, length);
        CheckColumns(columns, length);
        if (residual == destination && length > 0)
        {
            throw new ArgumentException("Destination must be apart from the residual; received the same memory.", nameof(destination));
        }

        FusedKernels.Add(x, bias, columns, residual, destination, length, dropRate, scale, stream, firstElement, VectorWidths.Best);
    }
}
