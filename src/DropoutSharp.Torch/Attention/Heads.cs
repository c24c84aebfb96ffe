using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Where a tensor of shape (N, heads, tokens, E) has each head's matrix.</summary>
/// <param name="start">The first element.</param>
/// <param name="rowStride">How many elements lie between two samples.</param>
/// <param name="headStride">How many elements lie between two heads.</param>
/// <param name="tokenStride">How many elements lie between two tokens.</param>
internal readonly unsafe struct Heads(float* start, long rowStride, long headStride, long tokenStride)
{
    /// <summary>The matrix of one head of one sample: tokens × E.</summary>
    public Matrix Of(long row, long head) => new(start + (row * rowStride) + (head * headStride), tokenStride);

    /// <summary>The heads of a tensor whose matrices are <see cref="AreMatrices"/>.</summary>
    /// <param name="tensor">(N, heads, tokens, E), (N, tokens, E) or (tokens, E).</param>
    public static Heads In(Tensor tensor)
    {
        int rank = (int)tensor.dim();
        return new Heads(
            FusedTensors.Elements(tensor), rank > 2 ? tensor.stride(0) : 0, rank > 3 ? tensor.stride(1) : 0, tensor.size(-2) == 1 ? tensor.size(-1) : tensor.stride(-2));
    }

    /// <summary>A part of queries, keys and values of all heads.</summary>
    /// <param name="projected">A contiguous tensor (N, tokens, 3 · width).</param>
    /// <param name="part">0 for the queries, 1 for the keys, 2 for the values.</param>
    /// <param name="heads">How many heads share the width.</param>
    public static Heads Projected(Tensor projected, int part, long heads)
    {
        long width = projected.size(-1) / 3;
        return new Heads(FusedTensors.Elements(projected) + (part * width), projected.size(1) * 3 * width, width / heads, 3 * width);
    }

    /// <summary>Whether the last two dimensions are matrices with rows one behind the other.</summary>
    public static bool AreMatrices(Tensor tensor) =>
        (tensor.size(-1) == 1 || tensor.stride(-1) == 1) && (tensor.size(-2) == 1 || tensor.stride(-2) is var stride && stride >= tensor.size(-1) && stride <= int.MaxValue);
}
