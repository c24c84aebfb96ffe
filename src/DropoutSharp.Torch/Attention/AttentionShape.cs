using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>How large attention is, and what its weights are taken of.</summary>
/// <param name="Rows">How many samples.</param>
/// <param name="Heads">How many heads.</param>
/// <param name="Queries">How many queries a head has.</param>
/// <param name="Keys">How many keys and values a head has.</param>
/// <param name="Width">How long a query and a key are.</param>
/// <param name="ValueWidth">How long a value is.</param>
/// <param name="Scale">What scores are multiplied with.</param>
/// <param name="IsCausal">Whether a query sees keys up to its own position only.</param>
internal readonly record struct AttentionShape(
    long Rows, long Heads, int Queries, int Keys, int Width, int ValueWidth, double Scale, bool IsCausal)
{
    /// <summary>The most tokens, and the widest, that the kernels take.</summary>
    public const long MostTokens = 1 << 24;

    /// <summary>How many weights there are.</summary>
    public long Weights => Rows * Heads * Queries * Keys;

    /// <summary>The shape of queries, keys and values; null where the kernels do not take them.</summary>
    public static AttentionShape? Of(Tensor query, Tensor key, Tensor value, double? scale, bool isCausal)
    {
        int rank = (int)query.dim();
        foreach (Tensor part in (ReadOnlySpan<Tensor>)[query, key, value])
        {
            if (part.dim() != rank || part.dtype != ScalarType.Float32 || !TensorMemory.IsForKernels(part) || part.numel() == 0)
            {
                return null;
            }

            for (int dimension = 0; dimension < rank - 2; dimension++)
            {
                if (part.size(dimension) != query.size(dimension))
                {
                    return null;
                }
            }
        }

        long queries = query.size(-2), keys = key.size(-2), width = query.size(-1), valueWidth = value.size(-1);
        return key.size(-1) != width || value.size(-2) != keys || Math.Max(Math.Max(queries, keys), Math.Max(width, valueWidth)) > MostTokens
            ? null
            : new AttentionShape(
                rank > 2 ? query.size(0) : 1, rank > 3 ? query.size(1) : 1, (int)queries, (int)keys, (int)width, (int)valueWidth, scale ?? 1 / Math.Sqrt(width), isCausal);
    }
}
