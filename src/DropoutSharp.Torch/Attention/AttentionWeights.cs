using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The weights of attention by libtorch's operations, on any device and for any element type.</summary>
internal static class AttentionWeights
{
    /// <summary><c>softmax(q·kᵀ·scale + mask)</c>; a query that may look at no key has weights of 0, as in libtorch's own attention.</summary>
    public static Tensor Of(Tensor query, Tensor key, Tensor? attentionMask, bool isCausal, double scale)
    {
        using Scalar never = double.NegativeInfinity;
        Tensor scores = query.matmul(key.transpose(-2, -1)).Times(scale);
        if (isCausal)
        {
            Tensor later = ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).triu(1);
            return scores.masked_fill(later, never).softmax(-1);
        }

        if (attentionMask is null)
        {
            return scores.softmax(-1);
        }

        bool isBool = attentionMask.dtype == ScalarType.Bool;
        scores = isBool ? scores.masked_fill(attentionMask.logical_not(), never) : scores.Plus(attentionMask);
        using Scalar zero = 0.0;
        Tensor sees = isBool ? attentionMask : attentionMask.isneginf().logical_not_();
        Tensor blind = sees.any(-1, keepdim: true).logical_not_();

        // Asking would make another device wait.
        return scores.device_type == DeviceType.CPU && !blind.any().item<bool>()
            ? scores.softmax(-1)
            : scores.masked_fill(blind, zero).softmax(-1).masked_fill(blind, zero);
    }
}
