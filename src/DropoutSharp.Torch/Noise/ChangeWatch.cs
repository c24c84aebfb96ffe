using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Lets libtorch say in its own words that a tensor which a node of ours keeps was changed in place.</summary>
/// <remarks>
/// What goes wrong in a node of ours cannot be said by it: no exception may leave its backward pass, and the engine's refusal of what it gives back has fixed words. So the node has one input more, the product of empty views of
/// two tensors that it computes with. libtorch keeps the views for the product's backward pass, they count changes together with their tensors, and the engine comes to the product behind the node on its way to either
/// tensor's gradient. A node whose own kept tensor is refused gives no gradient of either; the pass then ends at the product.
/// </remarks>
internal static class ChangeWatch
{
    /// <summary>The input: a tensor without elements, whose backward pass throws where one that the other's gradient needs was changed.</summary>
    /// <param name="first">A tensor that is needed for the second's gradient.</param>
    /// <param name="second">A tensor that is needed for the first's gradient.</param>
    public static Tensor Of(Tensor first, Tensor second)
    {
        using Tensor some = Nothing(first), others = Nothing(second);
        return some.mul(others);
    }

    private static Tensor Nothing(Tensor tensor) => tensor.as_strided([0], [1]);
}
