namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Activation and dropout with one mask for all rows, in one pass over the memory: <c>destination[r, c] = kept(firstElement + c) ? activation(x[r, c])·scale : +0</c>.</summary>
    /// <param name="x">The first element of the source, rows one after the other.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">The first element of the result: <paramref name="x"/> itself, or memory apart from it.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="dropRate">The probability that a column is dropped.</param>
    /// <param name="scale">What a kept element is multiplied with; <see cref="DropRate.InvertedScale"/> is the usual one.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first column's element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps the source in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the activation is none of its enumeration's, or the mask's elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>The mask is drawn once. With <see cref="FusedActivation.Identity"/> and <see cref="FusedActivation.Relu"/> the result is that of the two operations one after the other, bit for bit. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void ActivationRowDropout(
        float* x, FusedActivation activation, float* destination, long rows, int columns, DropRate dropRate, double scale, MaskStream stream, long firstElement = 0)
    {
        if (CheckRows(rows, columns, firstElement, activation))
        {
            CheckOverlap(x, destination, rows * columns);
            RowKernels.Forward(activation, x, destination, rows, columns, dropRate, scale, stream, firstElement, VectorWidths.Best);
        }
    }

    /// <summary>The backward pass of activation and dropout with one mask for all rows: <c>destination[r, c] = kept(firstElement + c) ? gradient[r, c]·scale·activation′(x[r, c]) : +0</c>.</summary>
    /// <param name="gradient">The first element of the output's gradient.</param>
    /// <param name="x">The first element of the forward pass's source; not read with <see cref="FusedActivation.Identity"/>.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="destination">The first element of the result: a source itself, or memory apart from both.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="dropRate">The probability that a column is dropped.</param>
    /// <param name="scale">What a kept element was multiplied with.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <param name="firstElement">The index, in the whole mask, of the first column's element; not negative.</param>
    /// <exception cref="ArgumentException">The destination overlaps a source in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="ActivationRowDropout"/>.</exception>
    /// <remarks>For ReLU <see cref="ReluDropoutGradient(float*, float*, float*, long, double)"/> needs neither the source nor the mask. The memory must stay valid and in place until the call returns.</remarks>
    public static unsafe void ActivationRowDropoutGradient(
        float* gradient, float* x, FusedActivation activation, float* destination, long rows, int columns, DropRate dropRate, double scale, MaskStream stream, long firstElement = 0)
    {
        if (CheckRows(rows, columns, firstElement, activation))
        {
            CheckOverlap(gradient, destination, rows * columns);
            CheckOverlap(x, destination, rows * columns);
            RowKernels.Gradient(activation, gradient, x, destination, rows, columns, dropRate, scale, stream, firstElement, VectorWidths.Best);
        }
    }

    /// <summary>Whether there is anything to do.</summary>
    private static bool CheckRows(long rows, int columns, long firstElement, FusedActivation activation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        CheckElements(columns, firstElement);
        CheckActivation(activation);
        return rows > 0 && columns > 0;
    }
}
