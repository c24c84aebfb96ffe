using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Layers one after the other, with what lies beside a dropout computed together with it: the forward pass of a module that is a chain.</summary>
public static class FusedLayers
{
    /// <summary>Runs layers as a <c>Sequential</c> does, and computes a ReLU, GELU or SiLU and the <see cref="Dropout"/> or <see cref="BatchwiseDropout"/> behind it in one pass over the memory.</summary>
    /// <param name="layers">The layers in their order; a <c>Sequential</c> among them is looked into.</param>
    /// <param name="input">What the first takes.</param>
    /// <returns>What the last gives: with the identity and ReLU the same bit for bit as without fusing, with the others to rounding.</returns>
    /// <remarks>
    /// Fused are contiguous float32 tensors in the CPU's memory, in training and in Monte-Carlo passes with masks of their own. Layers with hooks, with an activation or a dropout in place, or with a mask that was given, are called as they are.
    /// A last <see cref="Dropout"/> of a <see cref="Residual"/> block's branch is computed together with the sum.
    /// </remarks>
    public static Tensor Run(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(input);
        return FusedChain.Run(layers, input);
    }
}
