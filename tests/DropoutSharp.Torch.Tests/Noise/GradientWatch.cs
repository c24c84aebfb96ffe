using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

/// <summary>Shows gradients that pass by.</summary>
internal static class GradientWatch
{
    /// <summary>The same tensor, whose gradient is shown on its way back.</summary>
    public static Tensor Watched(Tensor tensor, Action<Tensor> see) => NoiseNode.Wrap(new Watch(see), [tensor], tensor.detach());

    private sealed class Watch(Action<Tensor> see) : INodeBackward
    {
        public void Gradients(Tensor gradient, Span<Tensor?> gradients)
        {
            see(gradient);
            gradients[0] = gradient.alias();
        }

        public void Release()
        {
        }
    }
}
