namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Softmax and dropout of attention's scores in place: <c>scores[r, c] = kept(FirstElement + r·Columns + c) ? exp(scores[r, c] + bias[r, c] − maxima[r]) : +0</c>.</summary>
    /// <param name="block">The scores of some queries of one head.</param>
    /// <param name="maxima">Receives each row's largest score that is a number, 0 where there is none.</param>
    /// <param name="inverses">Receives, row by row, 1 over the sum of the exponentials, kept or dropped; 0 for a query that sees no key.</param>
    /// <param name="dropRate">The probability that a weight is dropped.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <exception cref="ArgumentException">The block's numbers do not fit each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Rows or width are negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>
    /// What the weights are to be multiplied with, <paramref name="inverses"/> and the scale of dropout, is left to the product with the values, which has fewer elements: <see cref="MultiplyRows"/>. A row with a NaN or
    /// +∞ among the scores that it sees has NaN for <paramref name="inverses"/>. Works on the caller's thread alone.
    /// </remarks>
    public static unsafe void SoftmaxDropout(in AttentionBlock block, float* maxima, float* inverses, DropRate dropRate, MaskStream stream)
    {
        block.Check();
        AttentionKernels.Forward(block, maxima, inverses, dropRate, stream, VectorWidths.Best);
    }

    /// <summary>The backward pass of softmax and dropout, in place: with the weights <c>w = exp(scores + bias − maxima)·inverses</c>, the scores become <c>kept ? w·scale : +0</c> and the gradients <c>w·((kept ? gradients·scale : 0) − products)</c>.</summary>
    /// <param name="block">The scores, as the forward pass received them.</param>
    /// <param name="gradients">The gradients of the dropped weights, laid out as the scores; receives the gradients of the scores.</param>
    /// <param name="maxima">What the forward pass gave.</param>
    /// <param name="inverses">What the forward pass gave.</param>
    /// <param name="products">The sum, over each row, of dropped weights times their gradients: the scalar product of the query's result and that's gradient.</param>
    /// <param name="dropRate">The probability that a weight is dropped.</param>
    /// <param name="scale">What a kept weight is multiplied with.</param>
    /// <param name="stream">The mask's position: key, step and site.</param>
    /// <exception cref="ArgumentException">The block's numbers do not fit each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Rows or width are negative, or the elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>Weights are computed anew, so that nothing of the scores' size is kept between the passes. Dao, Fu, Ermon, Rudra and Ré, "FlashAttention", NeurIPS 2022. Works on the caller's thread alone.</remarks>
    public static unsafe void SoftmaxDropoutGradient(
        in AttentionBlock block, float* gradients, float* maxima, float* inverses, float* products, DropRate dropRate, double scale, MaskStream stream)
    {
        block.Check();
        AttentionKernels.Backward(block, gradients, maxima, inverses, products, dropRate, scale, stream, VectorWidths.Best);
    }

    /// <summary>Multiplies each row of a matrix with a number of its own and one for all: <c>x[r, c] *= factors[r]·scale</c>.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="stride">How many elements lie between two rows.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="factors">The rows' numbers.</param>
    /// <param name="scale">The number for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">Rows or columns are negative.</exception>
    public static unsafe void MultiplyRows(float* x, long stride, int rows, int columns, float* factors, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        AttentionKernels.Multiply(x, stride, rows, columns, factors, (float)scale, VectorWidths.Best);
    }

    /// <summary>The scalar products of two matrices' rows: <c>destination[r] = Σ a[r, c]·b[r, c]</c>.</summary>
    /// <param name="a">The first row of one.</param>
    /// <param name="strideOfA">How many elements lie between two rows of it.</param>
    /// <param name="b">The first row of the other.</param>
    /// <param name="strideOfB">How many elements lie between two rows of it.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="destination">Receives a number a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">Rows or columns are negative.</exception>
    public static unsafe void RowProducts(float* a, long strideOfA, float* b, long strideOfB, int rows, int columns, float* destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        AttentionKernels.Products(a, strideOfA, b, strideOfB, rows, columns, destination, VectorWidths.Best);
    }
}
