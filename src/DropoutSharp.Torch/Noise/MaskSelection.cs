using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A given mask on a tensor, by libtorch's own operations: on any device, known to autograd.</summary>
internal static class MaskSelection
{
    /// <summary><c>mask ? Scale·input + Offset : Dropped</c>, as a selection: what was dropped leaves nothing, NaN neither.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor on the mask's device.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    public static Tensor Apply(Tensor mask, Tensor input, MaskLaw law)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor result = input * law.Scale; // a new tensor with the input's strides, which masked_fill would not keep
        using Scalar offset = law.Offset, dropped = law.Dropped;
        result = law.Offset == 0 ? result : result.add_(offset);
        return result.masked_fill_(mask.logical_not(), dropped).MoveToOuterDisposeScope();
    }

    /// <summary>The same in the input's own memory.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input: true where an element is kept.</param>
    /// <param name="input">A floating-point tensor on the mask's device.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    public static void ApplyInPlace(Tensor mask, Tensor input, MaskLaw law)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar scale = law.Scale, offset = law.Offset, dropped = law.Dropped;
        input.mul_(scale).add_(offset).masked_fill_(mask.logical_not(), dropped);
    }
}
