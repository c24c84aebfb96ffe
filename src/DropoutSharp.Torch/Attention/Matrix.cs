namespace DropoutSharp.Torch;

/// <summary>A float32 matrix in native memory, row by row.</summary>
/// <param name="start">The first row.</param>
/// <param name="stride">How many elements lie between two rows.</param>
/// <param name="isTransposed">Whether its transpose is meant.</param>
internal readonly unsafe struct Matrix(float* start, long stride, bool isTransposed = false)
{
    /// <summary>The first row.</summary>
    public float* Start { get; } = start;

    /// <summary>How many elements lie between two rows.</summary>
    public int Stride { get; } = (int)stride;

    /// <summary>The transpose of the same memory.</summary>
    public Matrix Transposed => new(Start, Stride, !isTransposed);

    /// <summary>How BLAS calls it.</summary>
    public byte Letter => isTransposed ? (byte)'T' : (byte)'N';

    /// <summary>The same from a row on.</summary>
    public Matrix From(long row) => new(Start + (row * Stride), Stride, isTransposed);
}
